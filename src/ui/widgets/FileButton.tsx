import styles from './FileButton.module.css';

interface Props {
  /** As an input's `accept`. */
  readonly accept: string;
  readonly multiple?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
  readonly children: string;
}

/** A button that asks for files. The same file may be chosen again. */
export function FileButton({ accept, multiple = false, onFiles, children }: Props) {
  return (
    <label className={styles.button}>
      <input
        type="file"
        className="unseen"
        {...{ accept, multiple }}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      {children}
    </label>
  );
}

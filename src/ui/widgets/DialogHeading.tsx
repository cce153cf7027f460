import type { ReactNode } from 'react';
import styles from './DialogHeading.module.css';
import { IconButton } from './IconButton.tsx';

interface Props {
  /** The heading's, for a dialog that takes its name from it. */
  readonly id?: string;
  /** The name of the button that closes the dialog. */
  readonly close: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The title of a dialog, and what closes it. */
export function DialogHeading({ id, close, onClose, children }: Props) {
  return (
    <div className={styles.heading}>
      <h2 id={id}>{children}</h2>
      <IconButton icon="close" label={close} onClick={onClose} />
    </div>
  );
}

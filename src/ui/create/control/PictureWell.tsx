import type { ClipboardEvent, DragEvent, ReactNode } from 'react';
import { useGeneration, useInitImage, useLanguage } from '../../page/stores-context.ts';
import { LAYER_TEXTS } from '../../texts/layer-texts.ts';
import { FileButton } from '../../widgets/FileButton.tsx';
import { useObjectUrl } from '../../widgets/use-object-url.ts';
import styles from './PictureWell.module.css';

interface Props {
  /** The accessible name of the group. */
  readonly label: string;
  readonly picture: Blob | null;
  /** What the thumbnail shows; '' where words beside it say that. */
  readonly alt: string;
  readonly multiple?: boolean;
  /** Whether it is said how a picture comes here. */
  readonly hasHint?: boolean;
  /** Is given files as they were chosen, dropped or pasted; none of them is checked. */
  readonly onPictures: (files: readonly Blob[]) => void;
  /** Beside the thumbnail. */
  readonly children?: ReactNode;
}

/**
 * A place for a picture: from a file, dropped or pasted here, the start picture, or the one on the easel. What is dropped or pasted here
 * becomes nothing else.
 */
export function PictureWell({
  label,
  picture,
  alt,
  multiple = false,
  hasHint = !picture,
  onPictures,
  children,
}: Props) {
  const texts = LAYER_TEXTS[useLanguage(({ language }) => language)];
  const url = useObjectUrl(picture);
  const start = useInitImage((image) => image.file);
  const shown = useGeneration(({ run }) => run?.pictures.find(({ png }) => png)?.png ?? null);
  const take = (event: DragEvent | ClipboardEvent, { files }: DataTransfer) => {
    if (files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    onPictures(multiple ? [...files] : [files[0] as File]);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is named by its legend, which would be seen
    <div
      role="group"
      aria-label={label}
      className={styles.well}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes('Files')) event.preventDefault();
      }}
      onDrop={(event) => take(event, event.dataTransfer)}
      onPaste={(event) => take(event, event.clipboardData)}
    >
      {url && <img src={url} alt={alt} className={styles.thumbnail} />}
      {children}
      <div className={styles.sources}>
        <FileButton
          accept="image/*"
          multiple={multiple}
          onFiles={(files) => files.length > 0 && onPictures(files)}
        >
          {texts.fromFile}
        </FileButton>
        {start && (
          <button type="button" onClick={() => onPictures([start])}>
            {texts.fromStart}
          </button>
        )}
        {shown && (
          <button type="button" onClick={() => onPictures([shown])}>
            {texts.fromEasel}
          </button>
        )}
      </div>
      {hasHint && <p className={styles.hint}>{texts.drop}</p>}
    </div>
  );
}

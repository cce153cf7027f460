import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { tagsOf } from '../../state/gallery/gallery-filter.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { MOST_IN_TAG, readTags } from '../../storage/tags.ts';
import { useGallery } from '../page/stores-context.ts';
import { IconButton } from '../widgets/IconButton.tsx';
import styles from './TagEditor.module.css';
import { useGalleryTexts } from './use-gallery-texts.ts';

const NONE: readonly PictureRow[] = [];

interface Props {
  readonly rows: readonly PictureRow[];
}

/** The tags of one or several pictures, which can be taken away from all of them, and new ones for all of them. */
export function TagEditor({ rows }: Props) {
  const texts = useGalleryTexts();
  const setTags = useGallery((gallery) => gallery.setTags);
  const ids = rows.map((row) => row.id);
  const tags = [...tagsOf(rows)];
  return (
    <div className={styles.editor}>
      {tags.length > 0 && (
        <ul className={styles.tags} aria-label={texts.tags}>
          {tags.map(([tag, count]) => (
            <li key={tag}>
              <span dir="auto">{count < rows.length ? texts.ofSome(tag, count, rows.length) : tag}</span>
              <IconButton
                icon="close"
                label={texts.remove(tag)}
                onClick={() => void setTags(ids, { remove: [tag] })}
              />
            </li>
          ))}
        </ul>
      )}
      <NewTag onAdd={(add) => void setTags(ids, { add })} />
    </div>
  );
}

/** A field for a new tag, which offers those that other pictures have. */
function NewTag({ onAdd }: { readonly onAdd: (tags: readonly string[]) => void }) {
  const texts = useGalleryTexts();
  const id = useId();
  const all = useGallery((gallery) => gallery.rows) ?? NONE;
  const [typed, setTyped] = useState('');
  const known = useMemo(() => [...tagsOf(all).keys()], [all]);
  const add = () => {
    setTyped('');
    const tags = readTags(typed);
    if (tags.length > 0) onAdd(tags);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // The arrow keys are for the text, not for the picture.
    event.stopPropagation();
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    add();
  };
  return (
    <div className={styles.add}>
      <input
        type="text"
        list={id}
        aria-label={texts.newTag}
        placeholder={texts.newTag}
        title={texts.separate}
        maxLength={MOST_IN_TAG * 10}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <datalist id={id}>
        {known.map((tag) => (
          <option key={tag} value={tag} />
        ))}
      </datalist>
      <button type="button" aria-disabled={typed.trim() === ''} onClick={add}>
        {texts.add}
      </button>
    </div>
  );
}

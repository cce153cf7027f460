import { useMemo } from 'react';
import { modelsOf, tagsOf } from '../../state/gallery/gallery-filter.ts';
import { SORTS, type Sort } from '../../state/gallery/gallery-order.ts';
import { THUMBNAIL_SIZES } from '../../state/gallery/gallery-view-store.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { useGallery, useGalleryView } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './GalleryToolbar.module.css';
import { useGalleryTexts } from './use-gallery-texts.ts';

/** The model and the tag that pictures must have, the order that they are in, and how large they are. */
export function GalleryChoices({ rows }: { readonly rows: readonly PictureRow[] }) {
  const { gallery: texts } = useTexts();
  const words = useGalleryTexts();
  const { model, tag } = useGallery((gallery) => gallery.filter);
  const setFilter = useGallery((gallery) => gallery.setFilter);
  const { sort, size, set } = useGalleryView((view) => view);
  const models = useMemo(() => Object.entries(modelsOf(rows)), [rows]);
  const tags = useMemo(() => {
    return [...tagsOf(rows)].map(([name, count]) => [name, words.counted(name, count)] as const);
  }, [rows, words]);
  return (
    <>
      {(models.length > 1 || model !== '') && (
        <Choice
          label={texts.model}
          value={model}
          options={[['', texts.everyModel], ...models]}
          onChange={(next) => setFilter({ model: next })}
        />
      )}
      {(tags.length > 0 || tag !== '') && (
        <Choice
          label={words.tag}
          value={tag}
          options={[['', words.everyTag], ...tags]}
          onChange={(next) => setFilter({ tag: next })}
        />
      )}
      <Choice
        label={words.sort}
        value={sort}
        options={SORTS.map((one) => [one, words.sorts[one]])}
        onChange={(next) => set({ sort: next as Sort })}
      />
      <input
        type="range"
        className={styles.size}
        min={0}
        max={THUMBNAIL_SIZES.length - 1}
        value={THUMBNAIL_SIZES.indexOf(size)}
        aria-label={words.size}
        aria-valuetext={words.sizes[size]}
        title={words.size}
        onChange={(event) => set({ size: THUMBNAIL_SIZES[Number(event.target.value)] ?? size })}
      />
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  /** Values and their texts, in the order shown. */
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <select aria-label={label} title={label} value={value} onChange={(event) => onChange(event.target.value)}>
      {options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </select>
  );
}

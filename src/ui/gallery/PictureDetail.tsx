import { type CSSProperties, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { SettingValues } from '../../protocol/settings.ts';
import { restorePicture } from '../../state/actions/restore-picture.ts';
import type { Fields } from '../../state/form/fields.ts';
import { OFFERED_NAMES } from '../../state/form/offered-settings.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { saveFile } from '../save-file.ts';
import { useGallery, useInitImage, useStores } from '../stores-context.ts';
import { secondsText } from '../texts/progress-text.ts';
import { valueText } from '../texts/settings-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { EnlargeDeeds } from '../upscale/UpscaleActions.tsx';
import { Icon } from '../widgets/Icon.tsx';
import { nameOf } from './name-of.ts';
import styles from './PictureDetail.module.css';
import { pictureText } from './PictureGrid.tsx';

interface Props {
  readonly rows: readonly PictureRow[];
  readonly id: string;
  /** Another picture, or null to close. */
  readonly onTurn: (id: string | null) => void;
  readonly onUse: () => void;
}

/** One picture with all that is known of it. Arrow keys turn to its neighbours, Esc closes. */
export function PictureDetail({ rows, id, onTurn, onUse }: Props) {
  const texts = useTexts().gallery;
  const dialog = useRef<HTMLDialogElement>(null);
  const at = rows.findIndex((row) => row.id === id);
  const row = rows[at];
  useEffect(() => dialog.current?.showModal(), []);
  // A filter, or another tab, may take it away.
  useEffect(() => {
    if (!row) onTurn(null);
  }, [row, onTurn]);
  if (!row) return null;

  const turn = (step: number) => {
    const next = rows[at + step];
    if (next) onTurn(next.id);
  };
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === 'ArrowRight') turn(1);
    if (key === 'ArrowLeft') turn(-1);
  };
  return (
    <dialog
      ref={dialog}
      className={styles.detail}
      style={{ '--ratio': row.width / row.height } as CSSProperties}
      aria-label={texts.pictureOf(at + 1, rows.length)}
      onClose={() => onTurn(null)}
      onKeyDown={onKeyDown}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <Large row={row} />
      <div className={styles.about}>
        <div className={styles.turn}>
          <button type="button" aria-disabled={at === 0} onClick={() => turn(-1)}>
            {texts.newer}
          </button>
          <span>{texts.placeOf(at + 1, rows.length)}</span>
          <button type="button" aria-disabled={at === rows.length - 1} onClick={() => turn(1)}>
            {texts.older}
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label={texts.close}
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
        </div>
        <Facts row={row} />
        <Deeds row={row} onUse={onUse} onGone={() => onTurn((rows[at + 1] ?? rows[at - 1])?.id ?? null)} />
      </div>
    </dialog>
  );
}

function Large({ row }: { readonly row: PictureRow }) {
  const texts = useTexts().gallery;
  const file = useGallery((gallery) => gallery.file);
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    let isGone = false;
    void file('png', row.id).then((blob) => {
      if (isGone || !blob) return;
      made = URL.createObjectURL(blob);
      setUrl(made);
    });
    return () => {
      isGone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [row.id, file]);
  return url ? <img src={url} alt={pictureText(texts, row)} /> : <div className={styles.blank} />;
}

/** Every setting it was made with. */
function Facts({ row }: { readonly row: PictureRow }) {
  const { gallery: texts, fields: words, progress } = useTexts();
  const { settings, createdAt, seconds, device, width, height } = row;
  const values: Partial<SettingValues> = settings?.settings ?? {};
  const told = OFFERED_NAMES.flatMap((name) => {
    const value = values[name];
    if (value === undefined || value === null || value === '') return [];
    const fields = { [name]: String(value) } as unknown as Fields;
    return [[words.labels[name], valueText(words, name, fields)] as const];
  });
  return (
    <dl className={styles.facts}>
      {told.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
      <div>
        <dt>{texts.made}</dt>
        <dd>
          {texts.madeAt(
            new Date(createdAt),
            seconds === null ? null : secondsText(progress, seconds),
            device,
          )}
          {!settings && `, ${texts.untoldHow(width, height)}`}
        </dd>
      </div>
    </dl>
  );
}

interface DeedsProps {
  readonly row: PictureRow;
  readonly onUse: () => void;
  readonly onGone: () => void;
}

/** What can be done with it. */
function Deeds({ row, onUse, onGone }: DeedsProps) {
  const texts = useTexts().gallery;
  const stores = useStores();
  const setFavourite = useGallery((gallery) => gallery.setFavourite);
  const remove = useGallery((gallery) => gallery.remove);
  const file = useGallery((gallery) => gallery.file);
  const startFrom = useInitImage((image) => image.take);
  const withPng = async (use: (png: Blob) => void) => {
    const png = await file('png', row.id);
    if (png) use(png);
  };
  const begin = (png: Blob) => {
    void startFrom(png);
    onUse();
  };
  return (
    <div className={styles.deeds}>
      {row.settings && (
        <button
          type="button"
          className="primary"
          onClick={() => void restorePicture(stores, row).then(onUse)}
        >
          {texts.useSettings}
        </button>
      )}
      <button type="button" onClick={() => void withPng(begin)}>
        {texts.startFrom}
      </button>
      <button
        type="button"
        aria-pressed={row.isFavourite}
        onClick={() => void setFavourite([row.id], !row.isFavourite)}
      >
        {texts.favourite}
      </button>
      <EnlargeDeeds row={row} />
      <button type="button" onClick={() => void withPng((png) => saveFile(png, nameOf(row, png.type)))}>
        {texts.download}
      </button>
      <button
        type="button"
        onClick={() => {
          onGone();
          void remove([row.id]);
        }}
      >
        {texts.delete}
      </button>
    </div>
  );
}

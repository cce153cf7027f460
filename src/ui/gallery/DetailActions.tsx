import type { PictureSettings } from '../../protocol/picture-settings.ts';
import { linkCopied, pictureLink } from '../../state/actions/picture-link.ts';
import { restorePicture } from '../../state/actions/restore-picture.ts';
import { startFrom } from '../../state/actions/take-over.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { saveFile } from '../page/save-file.ts';
import { useGallery, useStores } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import { UpscaleActions } from '../upscale/UpscaleActions.tsx';
import styles from './PictureDetail.module.css';
import { rowFileName } from './row-file-name.ts';

interface Props {
  readonly row: PictureRow;
  /** Shows the Create screen, where the picture or its settings are used. */
  readonly onUse: () => void;
  /** Shows another picture in the place of this one, which is deleted. */
  readonly onDelete: () => void;
  /** Shows this one again, which could not be deleted. */
  readonly onKept: () => void;
}

/** What can be done with a picture of the gallery. */
export function DetailActions({ row, onUse, onDelete, onKept }: Props) {
  const texts = useTexts().gallery;
  const stores = useStores();
  const setFavourite = useGallery((gallery) => gallery.setFavourite);
  const remove = useGallery((gallery) => gallery.remove);
  const file = useGallery((gallery) => gallery.file);
  const withPng = async (use: (png: Blob) => void) => {
    const png = await file('png', row.id);
    if (png) use(png);
  };
  const start = (png: Blob) => {
    void startFrom(stores, png);
    onUse();
  };
  return (
    <div className={styles.actions}>
      {row.settings && (
        <button
          type="button"
          className="primary"
          onClick={() => void restorePicture(stores, row).then(onUse)}
        >
          {texts.useSettings}
        </button>
      )}
      <button type="button" onClick={() => void withPng(start)}>
        {texts.startFrom}
      </button>
      <button
        type="button"
        aria-pressed={row.isFavourite}
        onClick={() => void setFavourite([row.id], !row.isFavourite)}
      >
        {texts.favourite}
      </button>
      <UpscaleActions row={row} />
      {row.settings && <CopyLink row={row} made={row.settings} />}
      <button type="button" onClick={() => void withPng((png) => saveFile(png, rowFileName(row, png.type)))}>
        {texts.download}
      </button>
      <button
        type="button"
        onClick={() => {
          onDelete();
          void remove([row.id]).then((isGone) => isGone || onKept());
        }}
      >
        {texts.delete}
      </button>
    </div>
  );
}

function CopyLink({ row, made }: { readonly row: PictureRow; readonly made: PictureSettings }) {
  const { copyLink } = useTexts().create;
  const stores = useStores();
  const { say } = stores.notice.getState();
  const done = linkCopied(row.settings?.settings ?? {}, row.image !== null);
  const copy = () =>
    navigator.clipboard.writeText(pictureLink(stores, made, location.href)).then(
      () => say(done),
      () => say({ kind: 'not-allowed' }),
    );
  return (
    <button type="button" onClick={() => void copy()}>
      {copyLink}
    </button>
  );
}

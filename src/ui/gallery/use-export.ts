import type { PictureRow } from '../../storage/picture-row.ts';
import { saveFile } from '../page/save-file.ts';
import { useGallery } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import { rowFileName } from './row-file-name.ts';

/** What a button is given that saves these pictures as a zip, or as several. */
export function useExport(rows: readonly PictureRow[]) {
  const texts = useTexts().gallery;
  const zip = useGallery((gallery) => gallery.zip);
  const busy = useGallery((gallery) => gallery.busy !== null);
  const ids = rows.map(({ id }) => id);
  const onClick = () =>
    void zip(ids, rowFileName, (file, part, parts) =>
      saveFile(file, parts === 1 ? 'safelight.zip' : texts.zipName(part, parts)),
    );
  return { 'aria-disabled': busy, onClick };
}

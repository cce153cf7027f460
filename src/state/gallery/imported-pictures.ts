import type { PictureSettings } from '../../protocol/picture-settings.ts';
import type { NewPicture } from '../../storage/gallery.ts';
import { unzipPictures, type ZippedPicture } from '../../storage/gallery-zip.ts';

/** A file on its way into the gallery, with what a zip of ours knows of it. */
export type ImportedFile = Omit<ZippedPicture, 'name'>;

/**
 * The pictures in these files, out of their zips.
 * @throws AppError unsupported-image for a zip that cannot be read
 */
export async function picturesIn(files: readonly File[]): Promise<ImportedFile[]> {
  const pictures: ImportedFile[] = [];
  for (const file of files) {
    if (await isZip(file)) pictures.push(...(await unzipPictures(file)));
    else pictures.push({ file, row: null, image: null, mask: null });
  }
  return pictures;
}

async function isZip(file: Blob): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  return head[0] === 0x50 && head[1] === 0x4b;
}

/**
 * An imported file as a picture to be stored.
 * @param settings what the file itself says it was made with; a zip of ours knows better
 * @param now milliseconds since 1970, for what does not say when it was made
 */
export function importedPicture(
  { file, row, image, mask }: ImportedFile,
  settings: PictureSettings | null,
  now: number,
): Omit<NewPicture, 'thumbnail' | 'width' | 'height'> {
  return {
    png: file,
    createdAt: row?.createdAt ?? now,
    isFavourite: row?.isFavourite ?? false,
    seconds: row?.seconds ?? null,
    device: row?.device ?? null,
    revision: row?.revision ?? null,
    settings: row?.settings ?? settings,
    image,
    mask,
  };
}

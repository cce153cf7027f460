import type { PictureSettings } from '../../protocol/picture-settings.ts';
import type { NewPicture } from '../../storage/gallery.ts';
import { type PackedPicture, picturesInZip, type ZippedPicture } from '../../storage/gallery-zip.ts';

/**
 * The pictures in a file that is dropped: those of a zip, or the file itself. None of them is in memory until it is opened.
 * @throws AppError unsupported-image for a zip that cannot be read
 */
export async function picturesIn(file: File): Promise<PackedPicture[]> {
  if (await isZip(file)) return picturesInZip(file);
  return [
    { name: file.name, open: async () => ({ file, row: null, image: null, mask: null, steering: [] }) },
  ];
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
  { file, row, image, mask, steering }: ZippedPicture,
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
    tags: row?.tags ?? [],
    experiment: row?.experiment ?? null,
    image,
    mask,
    steering,
  };
}

import type { ModelId } from '../../catalog/models.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import type { Upscaled } from '../jobs/upscales-store.ts';
import type { Stores } from '../stores.ts';

/**
 * Makes a picture of the gallery larger and keeps the result beside it. Does nothing while another is being made larger;
 * a fault is the upscales' own, by the row's id.
 * @returns what was kept, or null
 */
export async function enlargePicture(
  { settings, upscales, gallery }: Stores,
  row: PictureRow,
  model: ModelId,
): Promise<Pick<Upscaled, 'width' | 'height'> | null> {
  const input = (hash: string | null) => (hash ? gallery.getState().file('input', hash) : null);
  const png = await gallery.getState().file('png', row.id);
  if (!png || upscales.getState().busy) return null;
  await upscales.getState().upscale(row.id, png, model, settings.getState().fields.device);
  const larger = upscales.getState().made[row.id];
  if (!larger) return null;
  const { width, height } = larger;
  const [image, mask] = await Promise.all([input(row.image), input(row.mask)]);
  const { settings: made, device, revision } = row;
  await gallery.getState().keep({
    ...{ png: larger.png, createdAt: Date.now(), settings: made, seconds: null, device, revision },
    ...{ isFavourite: false, image, mask },
  });
  upscales.getState().discard(row.id);
  return { width, height };
}

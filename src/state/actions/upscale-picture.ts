import type { ModelId } from '../../catalog/models.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import type { Upscaled } from '../jobs/upscales-store.ts';
import type { Stores } from '../stores.ts';

/**
 * Upscales a picture of the gallery and saves the result beside it. Does nothing while another upscale runs; an error is
 * in the store of upscales, under the row's id.
 * @returns the new size in pixels; null where nothing was made
 */
export async function upscalePicture(
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
  const [image, mask, ...steering] = await Promise.all([row.image, row.mask, ...row.steering].map(input));
  const kept = steering.filter((file) => file !== null);
  const { settings: made, revision, tags, experiment } = row;
  const device = larger.device.provider;
  await gallery.getState().save({
    ...{ png: larger.png, createdAt: Date.now(), settings: made, seconds: null, device, revision },
    ...{ isFavourite: false, tags, experiment, image: image ?? null, mask: mask ?? null },
    steering: kept.length < steering.length ? [] : kept,
  });
  upscales.getState().discard(row.id);
  return { width, height };
}

import type { PictureRow } from '../gallery/picture-row.ts';
import { EMPTY_MASK, maskShape } from './mask.ts';
import { offerOf } from './offered-settings.ts';
import type { Stores } from './stores.ts';

/**
 * Fills the form with everything a picture was made with, its seed locked, and the picture it began with, so that Generate
 * makes it again.
 */
export async function restorePicture(
  { settings, models, embeddings, initImage, gallery, notice }: Stores,
  row: PictureRow,
): Promise<void> {
  if (!row.settings) return;
  const { fields } = settings.getState();
  const { installed } = models.getState();
  const tokens = embeddings.getState().embeddings.map(({ token }) => token);
  const offer = offerOf(row.settings, { fields, installed, tokens });
  settings.getState().apply({ fields: { ...offer.fields, images: '1' }, refused: [], run: false });
  settings.getState().setSeedLocked(true);
  await restoreImage({ settings, initImage, gallery }, row);
  const absent = offer.notes.find(({ kind }) => kind === 'not-here' || kind === 'embedding');
  notice
    .getState()
    .say(
      absent && 'name' in absent
        ? `Settings taken over; ${absent.name} is not on this device.`
        : 'Settings taken over.',
    );
}

/** The picture it began with and what of that was painted anew, for the form as it stands; or none. */
async function restoreImage(
  { settings, initImage, gallery }: Pick<Stores, 'settings' | 'initImage' | 'gallery'>,
  row: PictureRow,
): Promise<void> {
  const input = (hash: string | null) => hash && gallery.getState().file('input', hash);
  const [image, mask] = await Promise.all([input(row.image), input(row.mask)]);
  if (!image) return initImage.getState().discard();
  await initImage.getState().take(image);
  // A mask out of a zip may be anything; and meanwhile another picture may have been taken.
  if (!mask || !(await isDecodable(mask)) || initImage.getState().file !== image) return;
  const { fit, width, height } = settings.getState().fields;
  initImage
    .getState()
    .setMask({ ...EMPTY_MASK, picture: mask }, maskShape(fit, Number(width), Number(height)));
}

const isDecodable = (file: Blob) =>
  createImageBitmap(file).then(
    (bitmap) => {
      bitmap.close();
      return true;
    },
    () => false,
  );

import type { PictureRow } from '../gallery/picture-row.ts';
import type { PictureSettings } from '../protocol/picture-settings.ts';
import { EMPTY_MASK, maskShape } from './mask.ts';
import { offerOf } from './offered-settings.ts';
import type { Stores } from './stores.ts';

/** The picture that one began with, and which part of it was painted anew. */
export interface Beginning {
  readonly file: Blob;
  readonly mask: Blob | null;
}

/** `restoreSettings` of a picture of the gallery. */
export async function restorePicture(stores: Stores, row: PictureRow): Promise<void> {
  if (!row.settings) return;
  const input = (hash: string | null) => (hash ? stores.gallery.getState().file('input', hash) : null);
  const [file, mask] = await Promise.all([input(row.image), input(row.mask)]);
  await restoreSettings(stores, row.settings, file && { file, mask });
}

/**
 * Fills the form with everything a picture was made with, its seed locked, and what it began with, so that Generate makes
 * it again.
 */
export async function restoreSettings(
  { settings, models, embeddings, initImage, notice }: Stores,
  made: PictureSettings,
  beginning: Beginning | null,
): Promise<void> {
  const { fields } = settings.getState();
  const { installed } = models.getState();
  const tokens = embeddings.getState().embeddings.map(({ token }) => token);
  const offer = offerOf(made, { fields, installed, tokens });
  settings.getState().apply({ fields: { ...offer.fields, images: '1' }, refused: [], run: false });
  settings.getState().setSeedLocked(true);
  await restoreBeginning({ settings, initImage }, beginning);
  const absent = offer.notes.find(({ kind }) => kind === 'not-here' || kind === 'embedding');
  notice
    .getState()
    .say(
      absent && 'name' in absent
        ? `Settings taken over; ${absent.name} is not on this device.`
        : 'Settings taken over.',
    );
}

async function restoreBeginning(
  { settings, initImage }: Pick<Stores, 'settings' | 'initImage'>,
  beginning: Beginning | null,
): Promise<void> {
  if (!beginning) return initImage.getState().discard();
  const { file, mask } = beginning;
  await initImage.getState().take(file);
  // A mask out of a zip may be anything; and meanwhile another picture may have been taken.
  if (!mask || !(await isDecodable(mask)) || initImage.getState().file !== file) return;
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

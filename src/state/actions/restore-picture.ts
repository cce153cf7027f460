import { INIT_IMAGE_DEFAULTS } from '../../protocol/init-image.ts';
import type { PictureSettings } from '../../protocol/picture-settings.ts';
import { place, type Rect, type Size } from '../../protocol/placement.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { EMPTY_MASK } from '../form/mask.ts';
import { offerOf } from '../form/offered-settings.ts';
import type { Stores } from '../stores.ts';

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
  settings.getState().apply({ fields: { ...offer.fields, numImages: '1' }, refused: [], run: false });
  settings.getState().setSeedLocked(true);
  await restoreBeginning({ settings, initImage }, made, beginning);
  const absent = offer.notes.find(({ kind }) => kind === 'not-here' || kind === 'embedding');
  notice.getState().say({ kind: 'settings-taken', absent: absent && 'name' in absent ? absent.name : null });
}

async function restoreBeginning(
  { settings, initImage }: Pick<Stores, 'settings' | 'initImage'>,
  { settings: { offset = INIT_IMAGE_DEFAULTS.offset, border = INIT_IMAGE_DEFAULTS.border } }: PictureSettings,
  beginning: Beginning | null,
): Promise<void> {
  const { take, discard, change } = initImage.getState();
  if (!beginning) return discard();
  const { file, mask } = beginning;
  await take(file);
  // A mask out of a zip may be anything.
  const isMask = mask !== null && (await isDecodable(mask));
  const now = initImage.getState();
  // Meanwhile another picture may have been taken.
  if (now.file !== file) return;
  const { fit, width, height } = settings.getState().fields;
  const canvas = { width: Number(width), height: Number(height) };
  const { whole } = place(now, canvas, { fit, offset, border });
  const picture = isMask && { file: mask, at: seenFrom(whole, canvas) };
  change({ offset, border, mask: picture ? { ...EMPTY_MASK, picture } : null });
}

/** The canvas as parts of what lies on it. */
const seenFrom = (whole: Rect, canvas: Size): Rect => ({
  x: -whole.x / whole.width,
  y: -whole.y / whole.height,
  width: canvas.width / whole.width,
  height: canvas.height / whole.height,
});

const isDecodable = (file: Blob) =>
  createImageBitmap(file).then(
    (bitmap) => {
      bitmap.close();
      return true;
    },
    () => false,
  );

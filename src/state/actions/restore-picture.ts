import { readSettingsJson, settingsJson } from '../../metadata/safelight.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import { INIT_IMAGE_DEFAULTS } from '../../protocol/init-image.ts';
import type { PictureSettings } from '../../protocol/picture-settings.ts';
import { place, type Rect, type Size } from '../../protocol/placement.ts';
import { PLAIN_NAMES } from '../../protocol/settings.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { modelCard } from '../device/model-card.ts';
import { type Fields, usualFields } from '../form/fields.ts';
import { type FormRequest, toFormRequest } from '../form/form-request.ts';
import { EMPTY_MASK } from '../form/mask.ts';
import { offerOf } from '../form/offered-settings.ts';
import type { EarlierPicture } from '../jobs/generation-store.ts';
import type { Stores } from '../stores.ts';
import { withFiles } from './generate.ts';
import { takeOver } from './take-over.ts';

/** The initial image of a picture, and the mask that says which part of it was inpainted. */
export interface InitImageFiles {
  readonly file: Blob;
  readonly mask: Blob | null;
}

/** Does `restoreSettings` for a picture of the gallery. */
export async function restorePicture(stores: Stores, row: PictureRow): Promise<void> {
  if (!row.settings) return;
  const { file: read } = stores.gallery.getState();
  const input = (hash: string | null) => (hash ? read('input', hash) : null);
  const [file, mask, png] = await Promise.all([input(row.image), input(row.mask), read('png', row.id)]);
  await restoreSettings(stores, row.settings, file && { file, mask });
  if (png) await showMade(stores, row.settings, { png, seconds: row.seconds, origin: { kind: 'gallery' } });
}

/** Shows a picture whose settings the form has now. */
function showMade(
  stores: Stores,
  { settings: made }: PictureSettings,
  picture: Pick<EarlierPicture, 'png' | 'seconds' | 'origin'>,
): Promise<void> {
  const form = toFormRequest(stores.settings.getState().fields);
  // What is not here, the form cannot hold; the picture was made with it all the same.
  const said = PLAIN_NAMES.filter((name) => made[name] !== undefined).map((name) => [name, made[name]]);
  const request = { ...form, ...Object.fromEntries(said) } as FormRequest;
  return withFiles(stores, request, (whole) => {
    stores.generation.getState().show({ ...picture, request: whole, seed: whole.seed });
  });
}

/** Does `restoreSettings` for a request that was made here, and shows the picture it made. */
export async function restoreRequest(
  stores: Stores,
  request: GenerationRequest,
  picture: Parameters<typeof showMade>[2] | null,
): Promise<void> {
  const made = readSettingsJson(settingsJson(request, request.seed));
  if (!made) return;
  await restoreSettings(stores, made, request.image);
  if (picture) await showMade(stores, made, picture);
}

/** Fills the form with the settings of the picture that is shown, whatever it was made for. */
export async function restoreShown(stores: Stores): Promise<void> {
  const { run } = stores.generation.getState();
  if (run) await restoreRequest(stores, { ...run.request, seed: run.pictures[0]?.seed ?? 0 }, null);
}

/**
 * Fills the form with all settings of a picture, and with its model's usual ones for what it does not say; locks its seed, and
 * takes over its initial image, so that Generate makes the picture again. It can be undone.
 */
export async function restoreSettings(
  stores: Stores,
  made: PictureSettings,
  initFiles: InitImageFiles | null,
): Promise<void> {
  const { settings, models, embeddings } = stores;
  await embeddings.getState().ready();
  const { fields } = settings.getState();
  const { installed } = models.getState();
  const tokens = embeddings.getState().embeddings.map(({ token }) => token);
  const offer = offerOf(made, { fields, installed, tokens });
  const { defaults } = modelCard(offer.fields.model ?? fields.model, installed);
  const usual = { ...usualFields(defaults) };
  // These it does say, and the form's stays, as the notes tell.
  for (const note of offer.notes)
    if (note.kind === 'unread' || note.kind === 'refused') delete usual[note.name as keyof Fields];
  const fill = async () => {
    const all = { ...usual, ...offer.fields, numImages: '1' };
    settings.getState().apply({ fields: all, refused: [], run: false });
    settings.getState().setSeedLocked(true);
    await restoreInitImage(stores, made, initFiles);
  };
  const absent = offer.notes.find(({ kind }) => kind === 'not-here' || kind === 'embedding');
  await takeOver(stores, fill, () => ({
    kind: 'settings-applied',
    absent: absent && 'name' in absent ? absent.name : null,
  }));
}

async function restoreInitImage(
  { settings, initImage }: Pick<Stores, 'settings' | 'initImage'>,
  { settings: { offset = INIT_IMAGE_DEFAULTS.offset, border = INIT_IMAGE_DEFAULTS.border } }: PictureSettings,
  initFiles: InitImageFiles | null,
): Promise<void> {
  const { take, discard, change } = initImage.getState();
  if (!initFiles) return discard();
  const { file, mask } = initFiles;
  await take(file);
  // A mask from a zip may be any file.
  const isMask = mask !== null && (await isDecodable(mask));
  const now = initImage.getState();
  // Another initial image may have been taken meanwhile.
  if (now.file !== file) return;
  const { fit, width, height } = settings.getState().fields;
  const canvas = { width: Number(width), height: Number(height) };
  const { whole } = place(now, canvas, { fit, offset, border });
  const picture = isMask && { file: mask, at: seenFrom(whole, canvas) };
  change({ offset, border, mask: picture ? { ...EMPTY_MASK, picture } : null });
}

/** The canvas, as fractions of the picture that lies on it. */
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

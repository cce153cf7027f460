import { readSettingsJson, settingsJson } from '../../metadata/safelight.ts';
import { steeringFiles } from '../../protocol/control.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import { INIT_IMAGE_DEFAULTS } from '../../protocol/init-image.ts';
import type { PictureSettings } from '../../protocol/picture-settings.ts';
import { place, type Rect, type Size } from '../../protocol/placement.ts';
import { IMAGE_NAMES, PLAIN_NAMES } from '../../protocol/settings.ts';
import { toWildcards } from '../../protocol/wildcards.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { modelCard } from '../device/model-card.ts';
import { type Fields, usualFields, valuesOf } from '../form/fields.ts';
import { toFormRequest } from '../form/form-request.ts';
import { EMPTY_MASK } from '../form/mask.ts';
import { type Offer, offerOf } from '../form/offered-settings.ts';
import type { EarlierPicture } from '../jobs/run.ts';
import type { Stores } from '../stores.ts';
import { restoreSteering, steeringWith } from './restore-steering.ts';
import { takeOver } from './take-over.ts';

/** The initial image of a picture, and the mask that says which part of it was inpainted. */
export interface InitImageFiles {
  readonly file: Blob;
  readonly mask: Blob | null;
}

/** What was not inside a picture's file, as far as it is known: what it started from, and the pictures that steered it. */
export interface FilesOfPicture {
  readonly image: InitImageFiles | null;
  /** The maps of its layers, then the pictures of its picture prompts; null for one that is gone. */
  readonly steering: readonly (Blob | null)[];
}

const NO_FILES: FilesOfPicture = { image: null, steering: [] };

/** Whether words are still to be chosen in texts: those of a picture are painted as they are. */
type TextsAre = 'typed' | 'painted';

/** Does `restoreSettings` for a picture of the gallery, and shows it. */
export async function restorePicture(stores: Stores, row: PictureRow): Promise<void> {
  if (!row.settings) return;
  await restoreSettings(stores, row.settings, await filesOf(stores, row));
  await showPicture(stores, row);
}

async function filesOf({ gallery }: Stores, { image, mask, steering }: PictureRow): Promise<FilesOfPicture> {
  const input = (hash: string | null) => (hash ? gallery.getState().file('input', hash) : null);
  const [file = null, maskFile = null, ...others] = await Promise.all([image, mask, ...steering].map(input));
  return { image: file && { file, mask: maskFile }, steering: others };
}

/**
 * Shows a picture of the gallery on the easel, and leaves the form as it is.
 * @param isWanted is asked once its file has been read
 */
export async function showPicture(stores: Stores, row: PictureRow, isWanted = () => true): Promise<void> {
  const { settings: made } = row.settings ?? {};
  const png = await stores.gallery.getState().file('png', row.id);
  if (!made || !png) return;
  const { fields } = stores.settings.getState();
  const { defaults } = modelCard(made.model ?? fields.model, stores.models.getState().installed);
  const usual = toFormRequest({ ...fields, ...usualFields(defaults) });
  const said = <Name extends string>(names: readonly Name[]) =>
    Object.fromEntries(names.filter((name) => name in made).map((name) => [name, made[name as never]]));
  const { image: initFiles, steering } = await filesOf(stores, row);
  const image = initFiles && {
    ...{ ...INIT_IMAGE_DEFAULTS, ...valuesOf(IMAGE_NAMES, fields) },
    ...said([...IMAGE_NAMES, 'offset', 'border']),
    ...initFiles,
  };
  const request = {
    ...{ ...usual, memoryBytes: null, embeddings: [], wildcards: {}, template: null, image },
    ...steeringWith(made, steering),
    ...said([...PLAIN_NAMES, 'hires', 'template']),
  } as GenerationRequest;
  const origin = { kind: 'gallery', id: row.id } as const;
  const { seconds } = row;
  const stopped = row.settings?.notes.find((note) => note.kind === 'stopped');
  if (!isWanted()) return;
  stores.generation.getState().show({ request, seed: request.seed, png, seconds, stopped, origin });
}

/** Does `restoreSettings` for a request that was made here, and shows the picture it made. */
export async function restoreRequest(
  stores: Stores,
  request: GenerationRequest,
  picture: Pick<EarlierPicture, 'png' | 'seconds' | 'origin'> | null,
  texts: TextsAre = 'typed',
): Promise<void> {
  const made = readSettingsJson(settingsJson(request, request.seed));
  if (!made) return;
  await restoreSettings(stores, made, { image: request.image, steering: steeringFiles(request) }, texts);
  const { show } = stores.generation.getState();
  if (picture) show({ ...picture, request, seed: request.seed });
}

/** Fills the form with the settings of the picture that is shown, whatever it was made for. */
export async function restoreShown(stores: Stores): Promise<void> {
  const { run } = stores.generation.getState();
  if (!run) return;
  const { seed = 0, texts } = run.pictures[0] ?? {};
  await restoreRequest(stores, { ...run.request, ...texts, seed }, null, texts ? 'painted' : 'typed');
}

/**
 * Fills the form with all settings of a picture, and with its model's usual ones for what it does not say; locks its seed, and
 * takes over its initial image and what steered it, so that Generate makes the picture again. It can be undone.
 */
export async function restoreSettings(
  stores: Stores,
  made: PictureSettings,
  files: FilesOfPicture = NO_FILES,
  texts: TextsAre = 'painted',
): Promise<void> {
  const { settings, embeddings, wildcards, prompts, controls, picturePrompts } = stores;
  const stored = [embeddings, wildcards, controls, picturePrompts];
  await Promise.all(stored.map((store) => store.getState().ready()));
  const { fields, notes, ...steering } = fieldsToRestore(stores, made, texts);
  // ↑ brings back what they were chosen from.
  const { template } = made.settings;
  if (template) prompts.getState().remember(template);
  const fill = async () => {
    settings.getState().apply({ fields, refused: [], run: false });
    settings.getState().setSeedLocked(true);
    restoreSteering(stores, steering, files.steering);
    await restoreInitImage(stores, made, files.image);
  };
  const absent = notes.find(({ kind }) => kind === 'not-here' || kind === 'embedding');
  await takeOver(stores, fill, () => ({
    kind: 'settings-applied',
    absent: absent && 'name' in absent ? absent.name : null,
  }));
}

/** The fields that make a picture again, as far as this device has what they name, and what is to be said of them. */
export function fieldsToRestore(
  { settings, models, embeddings, wildcards }: Stores,
  made: PictureSettings,
  texts: TextsAre = 'painted',
): Omit<Offer, 'tool'> {
  const { fields } = settings.getState();
  const { installed } = models.getState();
  const tokens = embeddings.getState().embeddings.map(({ token }) => token);
  const known = texts === 'painted' ? toWildcards(wildcards.getState().items) : null;
  const { tool: _, ...offer } = offerOf(made, { fields, installed, tokens, wildcards: known });
  const { defaults } = modelCard(offer.fields.model ?? fields.model, installed);
  const usual = { ...usualFields(defaults) };
  // These it does say, and the form's stays, as the notes tell.
  for (const note of offer.notes)
    if (note.kind === 'unread' || note.kind === 'refused') delete usual[note.name as keyof Fields];
  return { ...offer, fields: { ...usual, ...offer.fields, numImages: '1' } };
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

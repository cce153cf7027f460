import type { SettingsNote } from '../../protocol/picture-settings.ts';
import { type A1111Name, SETTINGS } from '../../protocol/settings.ts';
import { shortName } from '../settings/accept-settings.ts';
import { numberOrText } from '../settings/setting-values.ts';

type Pairs = ReadonlyMap<string, string>;
interface Sides {
  readonly width: number;
  readonly height: number;
}

/** The key of the first pass's size in versions before 2023. */
export const FIRST_PASS = 'First pass size';
const RESIZE = 'Hires resize';

/** What the second pass may have of its own in A1111, and what of the first it has if it says the same or this. */
const OWN: Readonly<Record<string, readonly [ofFirst: string, same: string]>> = {
  'Hires sampler': ['Sampler', 'Use same sampler'],
  'Hires schedule type': ['Schedule type', 'Use same scheduler'],
  'Hires checkpoint': ['Model', 'Use same checkpoint'],
  'Hires CFG Scale': ['CFG scale', ''],
};

/** SD.Next's names (modules/processing_info.py): the scale, and whether a picture is refined that is enlarged as pixels. */
const [SD_NEXT_SCALE, SD_NEXT_REFINES] = ['Hires scale', 'Hires force'] as const;
const isSdNext = (pairs: Pairs) => pairs.get('App') === 'SD.Next';

/** The keys that are read here, or that only repeat them. */
export const HIRES_KEYS: readonly string[] = [
  ...[FIRST_PASS, RESIZE, SD_NEXT_SCALE, SD_NEXT_REFINES, 'Hires size', 'Second pass', 'Refine'],
  ...Object.keys(OWN),
];

/**
 * Whether `Denoising strength` is that of a picture to start from: if there is a second pass, it is that pass's, unless that
 * one has a name of its own. SD.Next says it for a picture that is only enlarged, too.
 */
export function isOfPicture(pairs: Pairs, hires: object | null | undefined): boolean {
  if (isSdNext(pairs)) return pairs.has('Init image size');
  return hires === null || pairs.has(SETTINGS.hiresStrength.a1111);
}

/**
 * The second pass in A1111's pairs (modules/processing.py, StableDiffusionProcessingTxt2Img): null for none, undefined for
 * one that cannot be had here, which the notes name. Versions before 2023 give the size of the first pass beside that of the
 * picture.
 */
export function readHires(pairs: Pairs): {
  readonly hires: object | null | undefined;
  readonly firstPass: Sides | null;
  readonly notes: readonly SettingsNote[];
} {
  const number = (name: A1111Name) => numberOrText(pairs.get(SETTINGS[name].a1111));
  const firstPass = firstPassSize(pairs);
  const scale =
    number('hiresScale') ?? numberOrText(pairs.get(SD_NEXT_SCALE)) ?? resizeScale(pairs, firstPass);
  if (scale === undefined) return { hires: null, firstPass, notes: [] };
  if (isSdNext(pairs) && pairs.get(SD_NEXT_REFINES) !== 'True' && upscalerOf(pairs) !== 'latent')
    return { hires: null, firstPass, notes: [onlyEnlarged(pairs, scale)] };
  const notes = [...ownNotes(pairs), ...upscalerNotes(pairs)];
  if (scale === null) {
    const key = pairs.has(RESIZE) ? RESIZE : FIRST_PASS;
    return {
      hires: undefined,
      firstPass,
      notes: [{ kind: 'no-counterpart', name: shortName(`${key}: ${pairs.get(key)}`) }, ...notes],
    };
  }
  const steps = number('hiresSteps');
  const hires = {
    scale,
    upscaler: upscalerOf(pairs),
    strength: number('hiresStrength') ?? number('strength'),
    // If the steps are left out, there are as many as in the first pass.
    steps: steps === undefined || steps === 0 ? number('numInferenceSteps') : steps,
  };
  return { hires, firstPass, notes };
}

const onlyEnlarged = (pairs: Pairs, scale: number | string | null): SettingsNote => ({
  kind: 'no-counterpart',
  name: shortName(`Upscaler: ${pairs.get(SETTINGS.hiresUpscaler.a1111)} ×${scale ?? pairs.get(RESIZE)}`),
});

/** Undefined where it is not said; versions before 2023 enlarged the picture with Lanczos. */
function upscalerOf(pairs: Pairs): 'latent' | 'image' | undefined {
  const name = pairs.get(SETTINGS.hiresUpscaler.a1111);
  if (name === undefined) return pairs.has(FIRST_PASS) ? 'image' : undefined;
  return name.startsWith('Latent') ? 'latent' : 'image';
}

/** Those of A1111's that are the ones here: torch's bilinear, and Lanczos. */
const SAME_UPSCALERS: readonly string[] = SETTINGS.hiresUpscaler.a1111Words;

function upscalerNotes(pairs: Pairs): readonly SettingsNote[] {
  const [name, upscaler] = [pairs.get(SETTINGS.hiresUpscaler.a1111), upscalerOf(pairs)];
  if (name === undefined || upscaler === undefined || SAME_UPSCALERS.includes(name)) return [];
  return [{ kind: 'other-upscaler', name: shortName(name), upscaler }];
}

function ownNotes(pairs: Pairs): readonly SettingsNote[] {
  return Object.entries(OWN).flatMap(([key, [ofFirst, same]]) => {
    const value = pairs.get(key);
    const first = pairs.get(ofFirst);
    // A number may have a point in one place and none in the other.
    if (value === undefined || value === same || value === first || Number(value) === Number(first))
      return [];
    return { kind: 'no-counterpart', name: shortName(`${key}: ${value}`) };
  });
}

function sides(text: string | undefined): Sides | null {
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(text ?? '') ?? [];
  return width === undefined ? null : { width: Number(width), height: Number(height) };
}

/** The first pass of old versions; of 0 × 0, they made it of about 512² pixels (old_hires_fix_first_pass_dimensions). */
function firstPassSize(pairs: Pairs): Sides | null {
  const size = sides(pairs.get('Size'));
  const first = sides(pairs.get(FIRST_PASS));
  if (!first || !size || (first.width > 0 && first.height > 0)) return first;
  const scale = Math.sqrt((512 * 512) / (size.width * size.height));
  const side = (pixels: number) => Math.ceil((scale * pixels) / 64) * 64;
  return { width: side(size.width), height: side(size.height) };
}

/** How much larger the second pass is, from its size; undefined for none, null where the shapes differ. */
function resizeScale(pairs: Pairs, firstPass: Sides | null): number | null | undefined {
  if (!pairs.has(RESIZE) && !firstPass) return undefined;
  const from = firstPass ?? sides(pairs.get('Size'));
  const to = firstPass ? sides(pairs.get('Size')) : sides(pairs.get(RESIZE));
  if (!from || !to) return null;
  // One side of 0 follows from the other.
  const ratios = [to.width / from.width, to.height / from.height].filter((ratio) => ratio > 0);
  const scale = Math.max(...ratios);
  // Sides are rounded to 8 pixels.
  const isSameShape = ratios.every(
    (ratio) => Math.abs(ratio - scale) * Math.max(from.width, from.height) < 8,
  );
  return isSameShape && Number.isFinite(scale) ? Number(scale.toFixed(4)) : null;
}

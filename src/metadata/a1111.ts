import { SCHEDULERS } from '../catalog/schedulers.ts';
import { type GenerationRequest, UNTOLD } from '../protocol/generation.ts';
import type { InitImageFile, MaskedContent } from '../protocol/init-image.ts';
import type { PictureSettings, SettingsNote } from '../protocol/picture-settings.ts';
import { acceptSettings, numberOrText, shortName } from './accept-settings.ts';
import { infotextPairs, quoted } from './infotext-pairs.ts';
import { findSampler } from './samplers.ts';

/**
 * The settings in A1111's `parameters` format (modules/processing.py, create_infotext): what other tools read when a
 * picture is dropped on them. `seed` is this picture's own.
 */
export function parametersText(request: GenerationRequest, seed: number): string {
  const pairs: [string, string | number][] = [
    ['Steps', request.numInferenceSteps],
    ['Sampler', SCHEDULERS[request.scheduler].label],
    ['CFG scale', request.guidanceScale],
    ['Seed', seed],
    ['Size', `${request.width}x${request.height}`],
    ['Model', request.model],
    ...told('VAE', request.vae, UNTOLD.vae),
    ...told('Denoising strength', request.image?.strength ?? null, null),
    ...hiresPairs(request),
    ...inpaintPairs(request.image),
    ['RNG', request.noise.toUpperCase()],
    // A1111 counts from the last layer: its 1 is none left out.
    ...told('Clip skip', request.clipSkip + 1, UNTOLD.clipSkip + 1),
    ...told('Eta', request.eta, UNTOLD.eta),
    ...told('CFG Rescale', request.guidanceRescale, UNTOLD.guidanceRescale),
    ...told('Guidance start', request.guidanceStart, UNTOLD.guidanceStart),
    ...told('Guidance end', request.guidanceEnd, UNTOLD.guidanceEnd),
    ['Version', OWN_VERSION],
  ];
  const negative = request.negativePrompt ? [`Negative prompt: ${request.negativePrompt}`] : [];
  const last = pairs.map(([key, value]) => `${key}: ${quoted(String(value))}`).join(', ');
  return [request.prompt, ...negative, last].join('\n');
}

/** What is said where only a part is painted, in A1111's words. */
function inpaintPairs(image: InitImageFile | null): [string, string | number][] {
  if (!image || !(image.mask || Object.values(image.border).some(Boolean))) return [];
  const { maskBlur, maskedContent, paddingMaskCrop } = image;
  return [
    ['Mask blur', maskBlur],
    ['Masked content', MASKED_CONTENT[maskedContent]],
    ...told('Inpaint area', paddingMaskCrop === null ? null : 'Only masked', null),
    ...told('Masked area padding', paddingMaskCrop, null),
  ];
}

const MASKED_CONTENT: Readonly<Record<MaskedContent, string>> = {
  original: 'original',
  fill: 'fill',
  noise: 'latent noise',
};

const OWN_VERSION = 'safelight';

/** A1111 has no second pass from a picture, and so only one strength to tell. */
function hiresPairs({ hires, image }: GenerationRequest): [string, string | number][] {
  if (!hires) return [];
  return [
    [image ? HIRES_STRENGTH : 'Denoising strength', hires.strength],
    ['Hires upscale', hires.scale],
    ['Hires steps', hires.steps],
    ['Hires upscaler', hires.upscaler === 'latent' ? 'Latent' : 'Lanczos'],
  ];
}

const HIRES_STRENGTH = 'Hires denoising strength';

/** What is as it would be anyway goes unsaid. */
const told = <T extends string | number>(key: string, value: T | null, usual: T | null): [string, T][] =>
  value === usual || value === null ? [] : [[key, value]];

/** Longer texts are no settings: two prompts and a line of pairs are far less. */
const MAX_LENGTH = 100_000;
/** As A1111's own reader has it: with fewer pairs the last line belongs to the prompt. */
const FEWEST_PAIRS = 3;

/** What `VAE` says of the model's own. */
const NO_VAE: readonly string[] = ['None', 'Automatic'];

/** What shapes a picture in A1111, Forge or at Civitai, and cannot be asked for here. */
const NO_COUNTERPART = [
  'Hires resize',
  'Refiner',
  'Face restoration',
  'Variation seed',
  'Seed resize from',
  'ENSD',
  'Tiling',
  'ADetailer model',
  'ControlNet 0',
  'Image CFG scale',
  'Distilled CFG Scale',
  'Hypernet',
  'Token merging ratio',
] as const;

/**
 * The settings in a `parameters` text, as AUTOMATIC1111's web UI and all that follow it write it
 * (modules/infotext_utils.py, parse_generation_parameters): prompt, negative prompt, then `Steps: 20, Sampler: …`. What it
 * does not say has A1111's own default. Null for a text without such a last line.
 */
export function readParameters(text: string): PictureSettings | null {
  if (text.length > MAX_LENGTH) return null;
  const parts = splitInfotext(text.replaceAll('\r\n', '\n').trimEnd());
  if (!parts) return null;
  const { prompt, negative, pairs } = parts;
  const number = (key: string) => numberOrText(pairs.get(key));
  const size = pairs.get('Size')?.split('x') ?? [];
  const sampler = findSampler(pairs.get('Sampler') ?? '', pairs.get('Schedule type'));
  // With a hires pass the strength is that pass's, unless that has one by another name.
  const isHires = (pairs.has('Hires upscale') || pairs.has('Hires resize')) && !pairs.has(HIRES_STRENGTH);
  const strength = isHires ? undefined : number('Denoising strength');
  const clipSkip = number('Clip skip') ?? 1;
  const resources = civitaiResources(pairs.get('Civitai resources'));
  const notes: SettingsNote[] = [
    ...(pairs.has('Sampler') ? sampler.notes : []),
    ...(strength === undefined ? [] : [{ kind: 'began-with-picture' } as const]),
    ...NO_COUNTERPART.filter((name) => pairs.has(name)).map(noCounterpart),
    ...resources.loras.map((name) => noCounterpart(`LoRA ${name}`)),
  ];
  return acceptSettings(
    pairs.get('Version')?.startsWith(OWN_VERSION) ? 'Safelight' : 'A1111',
    {
      prompt,
      negativePrompt: negative,
      model: pairs.get('Model') ?? resources.checkpoint,
      vae: NO_VAE.includes(pairs.get('VAE') ?? '') ? undefined : pairs.get('VAE'),
      numInferenceSteps: number('Steps'),
      scheduler: sampler.scheduler,
      guidanceScale: number('CFG scale'),
      seed: number('Seed'),
      width: numberOrText(size[0]),
      height: numberOrText(size[1]),
      strength,
      hires: readHires(pairs),
      maskBlur: number('Mask blur'),
      maskedContent: (Object.keys(MASKED_CONTENT) as MaskedContent[]).find(
        (content) => MASKED_CONTENT[content] === pairs.get('Masked content'),
      ),
      paddingMaskCrop: number('Masked area padding'),
      clipSkip: typeof clipSkip === 'number' ? Math.max(0, clipSkip - 1) : clipSkip,
      noise: pairs.get('RNG') === 'CPU' ? 'cpu' : 'gpu',
      eta: number('Eta') ?? UNTOLD.eta,
      guidanceRescale: number('CFG Rescale') ?? UNTOLD.guidanceRescale,
      guidanceStart: number('Guidance start') ?? UNTOLD.guidanceStart,
      guidanceEnd: number('Guidance end') ?? UNTOLD.guidanceEnd,
    },
    notes,
  );
}

/** Of steps that go unsaid there are as many as in the first pass. */
function readHires(pairs: ReadonlyMap<string, string>) {
  if (!pairs.has('Hires upscale')) return null;
  const number = (key: string) => numberOrText(pairs.get(key));
  return {
    scale: number('Hires upscale'),
    upscaler: pairs.get('Hires upscaler')?.startsWith('Latent') ? 'latent' : 'image',
    strength: number(HIRES_STRENGTH) ?? number('Denoising strength'),
    steps: number('Hires steps') ?? number('Steps'),
  };
}

const noCounterpart = (name: string): SettingsNote => ({ kind: 'no-counterpart', name: shortName(name) });

/** Prompt, negative prompt and pairs, of lines of their own or, as some sites give it, all in one line. */
function splitInfotext(text: string) {
  const lines = text.split('\n');
  const at = lines.findLastIndex((line) => line.startsWith('Steps: '));
  const inline = at < 0 ? (lines.at(-1)?.lastIndexOf(' Steps: ') ?? -1) : -1;
  if (at < 0 && inline < 0) return null;
  const last = at < 0 ? (lines.pop() as string) : lines.slice(at).join(', ');
  const texts = at < 0 ? [...lines, last.slice(0, inline)].join('\n') : lines.slice(0, at).join('\n');
  const pairs = infotextPairs(at < 0 ? last.slice(inline + 1) : last);
  if (pairs.size < FEWEST_PAIRS) return null;
  return { ...splitPrompts(texts, at < 0), pairs };
}

const NEGATIVE = 'Negative prompt:';

/** The negative prompt begins a line, unless all is in one. */
function splitPrompts(texts: string, isInline: boolean): { prompt: string; negative: string } {
  const before = isInline ? ' ' : '\n';
  const at = texts.startsWith(NEGATIVE) ? 0 : texts.indexOf(before + NEGATIVE) + 1;
  if (at === 0 && !texts.startsWith(NEGATIVE)) return { prompt: texts, negative: '' };
  const negative = texts.slice(at + NEGATIVE.length);
  return {
    prompt: texts.slice(0, Math.max(0, at - 1)),
    negative: negative.startsWith(' ') ? negative.slice(1) : negative,
  };
}

/** Civitai's own generator names models in a JSON list, not in `Model` and the prompt. */
function civitaiResources(text: string | undefined): { checkpoint?: string; loras: readonly string[] } {
  let list: unknown;
  try {
    list = JSON.parse(text ?? '[]');
  } catch {
    return { loras: [] };
  }
  if (!Array.isArray(list)) return { loras: [] };
  const named = (type: string) =>
    list.flatMap((item: Record<string, unknown> | null) =>
      String(item?.type).toLowerCase() === type && typeof item?.modelName === 'string' ? item.modelName : [],
    );
  const [checkpoint] = named('checkpoint');
  return { ...(checkpoint && { checkpoint }), loras: named('lora').slice(0, 20) };
}

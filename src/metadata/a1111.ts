import { SCHEDULERS } from '../catalog/schedulers.ts';
import { type GenerationRequest, REQUEST_DEFAULTS } from '../protocol/generation.ts';
import type { InitImageFile } from '../protocol/init-image.ts';
import type { PictureSettings, SettingsNote } from '../protocol/picture-settings.ts';
import { type A1111Name, SETTINGS, type SettingValues } from '../protocol/settings.ts';
import { acceptSettings, numberOrText, shortName } from './accept-settings.ts';
import { quoted } from './infotext-pairs.ts';
import { findSampler } from './samplers.ts';
import { splitInfotext } from './split-infotext.ts';

type Pair = readonly [key: string, value: string | number];

/**
 * The settings in A1111's `parameters` format (modules/processing.py, create_infotext), which other tools read when the
 * picture is dropped on them. `seed` is this picture's own.
 */
export function parametersText(request: GenerationRequest, seed: number): string {
  const pairs: Pair[] = [
    [SETTINGS.numInferenceSteps.a1111, request.numInferenceSteps],
    [SETTINGS.scheduler.a1111, SCHEDULERS[request.scheduler].label],
    [SETTINGS.guidanceScale.a1111, request.guidanceScale],
    [SETTINGS.seed.a1111, seed],
    [SIZE, `${request.width}x${request.height}`],
    [SETTINGS.model.a1111, request.model],
    ...unlessDefault(request, 'vae'),
    ...(request.image ? [[SETTINGS.strength.a1111, request.image.strength] as const] : []),
    ...hiresPairs(request),
    ...inpaintPairs(request.image),
    [SETTINGS.noise.a1111, request.noise.toUpperCase()],
    // A1111 counts from the last layer: its 1 leaves none out.
    ...unlessDefault(request, 'clipSkip', request.clipSkip + 1),
    ...(mayEmphasise(request) ? unlessDefault(request, 'emphasis', EMPHASIS[request.emphasis]) : []),
    ...unlessDefault(request, 'eta'),
    ...unlessDefault(request, 'guidanceRescale'),
    ...unlessDefault(request, 'guidanceStart'),
    ...unlessDefault(request, 'guidanceEnd'),
    ['Version', OWN_VERSION],
  ];
  const negative = request.negativePrompt ? [`Negative prompt: ${request.negativePrompt}`] : [];
  const last = pairs.map(([key, value]) => `${key}: ${quoted(String(value))}`).join(', ');
  return [request.prompt, ...negative, last].join('\n');
}

const SIZE = 'Size';
const OWN_VERSION = 'safelight';

/** A setting, unless it has its default. */
function unlessDefault(
  request: GenerationRequest,
  name: 'vae' | 'clipSkip' | 'emphasis' | 'eta' | 'guidanceRescale' | 'guidanceStart' | 'guidanceEnd',
  value: string | number | null = request[name],
): Pair[] {
  return request[name] === REQUEST_DEFAULTS[name] || value === null ? [] : [[SETTINGS[name].a1111, value]];
}

/** A1111 has no second pass for a picture that starts from another, and so has one name for either strength. */
function hiresPairs({ hires, image }: GenerationRequest): Pair[] {
  if (!hires) return [];
  return [
    [image ? SETTINGS.hiresStrength.a1111 : SETTINGS.strength.a1111, hires.strength],
    [SETTINGS.hiresScale.a1111, hires.scale],
    [SETTINGS.hiresSteps.a1111, hires.steps],
    [SETTINGS.hiresUpscaler.a1111, hires.upscaler === 'latent' ? 'Latent' : 'Lanczos'],
  ];
}

/** What A1111 says if only a part is painted. */
function inpaintPairs(image: InitImageFile | null): Pair[] {
  if (!image || !(image.mask || Object.values(image.border).some(Boolean))) return [];
  const { maskBlur, maskedContent, paddingMaskCrop } = image;
  return [
    [SETTINGS.maskBlur.a1111, maskBlur],
    [SETTINGS.maskedContent.a1111, MASKED_CONTENT[maskedContent]],
    ...(paddingMaskCrop === null
      ? []
      : ([
          ['Inpaint area', 'Only masked'],
          [SETTINGS.paddingMaskCrop.a1111, paddingMaskCrop],
        ] as const)),
  ];
}

const MASKED_CONTENT: Readonly<Record<SettingValues['maskedContent'], string>> = {
  original: 'original',
  fill: 'fill',
  noise: 'latent noise',
};

const EMPHASIS: Readonly<Record<SettingValues['emphasis'], string>> = {
  original: 'Original',
  'no-norm': 'No norm',
  ignore: 'Ignore',
};

/** Characters. Two prompts and a line of pairs are far shorter. */
const MAX_LENGTH = 100_000;

/** What `VAE` says if it is the model's own. */
const NO_VAE: readonly string[] = ['None', 'Automatic'];

/** What shapes a picture in A1111, in Forge or at Civitai, and that Safelight does not have. */
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
 * The settings in a `parameters` text as AUTOMATIC1111's web UI and the tools that follow it write it
 * (modules/infotext_utils.py, parse_generation_parameters): prompt, negative prompt, then `Steps: 20, Sampler: …`. A
 * setting that is left out has A1111's default. Null for a text without such a last line.
 */
export function readParameters(text: string): PictureSettings | null {
  if (text.length > MAX_LENGTH) return null;
  const parts = splitInfotext(text.replaceAll('\r\n', '\n').trimEnd());
  if (!parts) return null;
  const { prompt, negativePrompt, pairs } = parts;
  const said = (name: A1111Name) => pairs.get(SETTINGS[name].a1111);
  const number = (name: A1111Name) => numberOrText(said(name));
  const size = pairs.get(SIZE)?.split('x') ?? [];
  const sampler = findSampler(said('scheduler') ?? '', pairs.get('Schedule type'));
  // If there is a hires pass, the strength is that pass's, unless that one has a name of its own.
  const isHires =
    (said('hiresScale') !== undefined || pairs.has('Hires resize')) && said('hiresStrength') === undefined;
  const strength = isHires ? undefined : number('strength');
  const clipSkip = number('clipSkip') ?? 1;
  const resources = civitaiResources(pairs.get('Civitai resources'));
  const vae = said('vae');
  const notes: SettingsNote[] = [
    ...(said('scheduler') === undefined ? [] : sampler.notes),
    ...(strength === undefined ? [] : [{ kind: 'began-with-picture' } as const]),
    ...NO_COUNTERPART.filter((name) => pairs.has(name)).map(noCounterpart),
    ...resources.loras.map((name) => noCounterpart(`LoRA ${name}`)),
  ];
  return acceptSettings(
    pairs.get('Version')?.startsWith(OWN_VERSION) ? 'Safelight' : 'A1111',
    {
      prompt,
      negativePrompt,
      model: said('model') ?? resources.checkpoint,
      vae: vae !== undefined && NO_VAE.includes(vae) ? undefined : vae,
      numInferenceSteps: number('numInferenceSteps'),
      scheduler: sampler.scheduler,
      guidanceScale: number('guidanceScale'),
      seed: number('seed'),
      width: numberOrText(size[0]),
      height: numberOrText(size[1]),
      strength,
      hires: readHires(pairs),
      maskBlur: number('maskBlur'),
      maskedContent: SETTINGS.maskedContent.choices.find(
        (content) => MASKED_CONTENT[content] === said('maskedContent'),
      ),
      paddingMaskCrop: number('paddingMaskCrop'),
      clipSkip: typeof clipSkip === 'number' ? Math.max(0, clipSkip - 1) : clipSkip,
      emphasis: readEmphasis(said('emphasis'), mayEmphasise({ prompt, negativePrompt })),
      noise: said('noise') === 'CPU' ? 'cpu' : 'gpu',
      eta: number('eta') ?? REQUEST_DEFAULTS.eta,
      guidanceRescale: number('guidanceRescale') ?? REQUEST_DEFAULTS.guidanceRescale,
      guidanceStart: number('guidanceStart') ?? REQUEST_DEFAULTS.guidanceStart,
      guidanceEnd: number('guidanceEnd') ?? REQUEST_DEFAULTS.guidanceEnd,
    },
    notes,
  );
}

/** Whether a bracket could be emphasis: only then A1111 says which kind, and takes its own default where nothing is said. */
const mayEmphasise = ({ prompt, negativePrompt }: Pick<GenerationRequest, 'prompt' | 'negativePrompt'>) =>
  /[([]/.test(prompt + negativePrompt);

/** A kind that Safelight does not have stays A1111's word, and is refused. */
function readEmphasis(said: string | undefined, isUsed: boolean): string | undefined {
  if (said === undefined) return isUsed ? REQUEST_DEFAULTS.emphasis : undefined;
  return SETTINGS.emphasis.choices.find((emphasis) => EMPHASIS[emphasis] === said) ?? said;
}

/** If the steps are left out, there are as many as in the first pass. */
function readHires(pairs: ReadonlyMap<string, string>) {
  const number = (name: A1111Name) => numberOrText(pairs.get(SETTINGS[name].a1111));
  const scale = number('hiresScale');
  if (scale === undefined) return null;
  return {
    scale,
    upscaler: pairs.get(SETTINGS.hiresUpscaler.a1111)?.startsWith('Latent') ? 'latent' : 'image',
    strength: number('hiresStrength') ?? number('strength'),
    steps: number('hiresSteps') ?? number('numInferenceSteps'),
  };
}

const noCounterpart = (name: string): SettingsNote => ({ kind: 'no-counterpart', name: shortName(name) });

/** Civitai's generator names models in a JSON list rather than in `Model` and the prompt. */
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

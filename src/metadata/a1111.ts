import { SCHEDULERS } from '../catalog/schedulers.ts';
import { type GenerationRequest, REQUEST_DEFAULTS } from '../protocol/generation.ts';
import type { InitImageFile } from '../protocol/init-image.ts';
import { SETTINGS, type SettingValues } from '../protocol/settings.ts';
import { quoted } from './infotext-pairs.ts';

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

/** The key of width and height, and what `Version` says in our own texts. */
export const SIZE = 'Size';
export const OWN_VERSION = 'safelight';

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

/** A1111's words for the kinds of masked content. */
export const MASKED_CONTENT: Readonly<Record<SettingValues['maskedContent'], string>> = {
  original: 'original',
  fill: 'fill',
  noise: 'latent noise',
};

/** A1111's words for the kinds of emphasis. */
export const EMPHASIS: Readonly<Record<SettingValues['emphasis'], string>> = {
  original: 'Original',
  'no-norm': 'No norm',
  ignore: 'Ignore',
};

/** Whether a bracket could be emphasis: only then A1111 says which kind, and takes its own default where nothing is said. */
export const mayEmphasise = ({
  prompt,
  negativePrompt,
}: Pick<GenerationRequest, 'prompt' | 'negativePrompt'>) => /[([]/.test(prompt + negativePrompt);

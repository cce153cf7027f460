import { SCHEDULERS } from '../../catalog/schedulers.ts';
import { plainSampler, takesSchedule } from '../../catalog/schedules.ts';
import type { GenerationRequest, StoppedAt } from '../../protocol/generation.ts';
import { valuesOfSettings } from '../../protocol/picture-settings.ts';
import type { ChoiceSetting } from '../../protocol/setting.ts';
import {
  type A1111Name,
  type ChoiceName,
  SETTINGS,
  type SettingValues,
  settingOf,
} from '../../protocol/settings.ts';
import { controlUnits } from './control-units.ts';
import { quoted } from './infotext-pairs.ts';

type Pair = readonly [key: string, value: string];

/** The key of width and height, and what `Version` says in our own texts. */
export const SIZE = 'Size';
/** How far a picture was that is not finished: no other tool's key, and ignored by all. */
export const STOPPED = 'Stopped at step';
export const OWN_VERSION = 'safelight';
/** What the texts were chosen from, under Dynamic Prompts' names, but as pairs: other readers take lines of their own for a prompt. */
export const TEMPLATES = ['Template', 'Negative Template', 'Styles'] as const;

/**
 * The settings in A1111's `parameters` format (modules/processing.py, create_infotext), which other tools read when the
 * picture is dropped on them. `seed` is this picture's own, and `stopped` says how far it was where it is not finished.
 */
export function parametersText(
  request: GenerationRequest,
  seed: number,
  stopped: StoppedAt | null = null,
): string {
  const ofRequest = valuesOfSettings({ ...request.image, ...request, seed });
  const values = { ...ofRequest, ...strengths(request), ...samplerAndSchedule(request) };
  const all = (...names: readonly A1111Name[]) => names.flatMap((name) => pairOf(name, values[name]));
  const unusual = (...names: readonly A1111Name[]) =>
    all(...names.filter((name) => values[name] !== settingOf(name).default));
  const pairs: Pair[] = [
    ...all('numInferenceSteps', 'scheduler', 'schedule', 'guidanceScale', 'seed'),
    [SIZE, `${request.width}x${request.height}`],
    ...all('model', 'vae', 'strength', 'hiresStrength', 'hiresScale', 'hiresSteps', 'hiresUpscaler'),
    ...(isInpainted(request) ? all('maskBlur', 'maskedContent') : []),
    ...(isInpainted(request) && values.paddingMaskCrop
      ? [['Inpaint area', 'Only masked'] as const, ...all('paddingMaskCrop')]
      : []),
    ...controlUnits(request.controls, request.picturePrompts),
    ...all('noise'),
    ...unusual('clipSkip'),
    ...(mayEmphasise(request) ? unusual('emphasis') : []),
    ...unusual('eta', 'guidanceRescale', 'guidanceStart', 'guidanceEnd'),
    ...unusual('cacheInterval', 'cacheBranchId', 'gateStep'),
    ...(stopped
      ? [[STOPPED, `${stopped.pass === 2 ? 'Hires ' : ''}${stopped.step} of ${stopped.steps}`] as const]
      : []),
    ['Version', OWN_VERSION],
  ];
  const negative = request.negativePrompt ? [`Negative prompt: ${request.negativePrompt}`] : [];
  const last = [...pairs.map(([key, value]) => `${key}: ${quoted(value)}`), ...templates(request)].join(', ');
  return [request.prompt, ...negative, last].join('\n');
}

/** Quoted, whatever they hold: a brace or a quote at their beginning would be read as JSON. */
function templates({ template }: GenerationRequest): readonly string[] {
  if (!template) return [];
  const { prompt, negativePrompt, styles } = template;
  const texts = [prompt, negativePrompt, styles.join(', ')];
  return TEMPLATES.flatMap((key, i) => (texts[i] ? [`${key}: ${JSON.stringify(texts[i])}`] : []));
}

/** A1111 has no second pass for a picture that starts from another, and so has one name for either strength. */
const strengths = ({ image, hires }: GenerationRequest) =>
  image ? {} : { strength: hires?.strength, hiresStrength: undefined };

/** A schedule that is used stands beside the sampler's name, not in it. */
const samplerAndSchedule = ({ scheduler, schedule }: GenerationRequest) =>
  schedule && takesSchedule(scheduler) ? { scheduler: plainSampler(scheduler) } : { schedule: null };

/** Whether only a part is painted: only then A1111 says how. */
const isInpainted = ({ image }: GenerationRequest) =>
  Boolean(image && (image.mask || Object.values(image.border).some(Boolean)));

/** A setting as A1111 writes it; nothing for what is absent or none. */
function pairOf(name: A1111Name, value: string | number | null | undefined): readonly Pair[] {
  if (value === null || value === undefined) return [];
  return [[SETTINGS[name].a1111, wordOf(name, value)]];
}

function wordOf(name: A1111Name, value: string | number): string {
  // A1111 counts from the last layer: its 1 leaves none out.
  if (name === 'clipSkip') return String(Number(value) + 1);
  if (name === 'scheduler') return SCHEDULERS[value as SettingValues['scheduler']].label;
  const setting = settingOf(name);
  if (setting.kind !== 'choice' || !setting.a1111Words) return String(value);
  return setting.a1111Words[setting.choices.indexOf(value)] as string;
}

/** The choice that A1111 has this word for. A kind that Safelight does not have stays A1111's word, and is refused. */
export function choiceOfWord(name: ChoiceName & A1111Name, word: string): string | number {
  const { choices, a1111Words } = settingOf(name) as ChoiceSetting;
  return choices[a1111Words?.indexOf(word) ?? -1] ?? word;
}

/** Whether a bracket could be emphasis: only then A1111 says which kind, and takes its own default where nothing is said. */
export const mayEmphasise = ({
  prompt,
  negativePrompt,
}: Pick<GenerationRequest, 'prompt' | 'negativePrompt'>) => /[([]/.test(prompt + negativePrompt);

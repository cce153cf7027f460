import * as v from 'valibot';
import type { PictureSettings, SettingsNote } from '../../protocol/picture-settings.ts';
import { parseGraphJson } from '../comfyui/graph.ts';
import { acceptSettings, shortName } from '../settings/accept-settings.ts';
import { fileStem, loraTags, type NamedLora } from '../settings/lora-tag.ts';
import { findSampler } from '../settings/samplers.ts';
import { UNSAID } from '../settings/setting-values.ts';
import { unknownNotes, unreadNotes } from '../settings/settings-notes.ts';
import { compelNotes, compelPrompt } from './compel.ts';
import { readInvokeSteering } from './invokeai-steering.ts';

/** `{name}` since version 4, `{model_name}` in version 3, `{lora: …}` or `{model: …}` around it in lists. */
const Model = v.object({ name: v.optional(v.string()), model_name: v.optional(v.string()) });
const Lora = v.object({
  model: v.optional(Model),
  lora: v.optional(Model),
  weight: v.optional(v.pipe(v.number(), v.finite()), 1),
});

/** What is read of CoreMetadataInvocation (invokeai/app/invocations/metadata.py). `acceptSettings` checks the values. */
const Metadata = v.object({
  positive_prompt: v.optional(v.nullable(v.string())),
  negative_prompt: v.optional(v.nullable(v.string())),
  positive_style_prompt: v.optional(v.nullable(v.string())),
  negative_style_prompt: v.optional(v.nullable(v.string())),
  width: v.optional(v.unknown()),
  height: v.optional(v.unknown()),
  seed: v.optional(v.unknown()),
  rand_device: v.optional(v.nullable(v.string())),
  cfg_scale: v.optional(v.unknown()),
  cfg_rescale_multiplier: v.optional(v.unknown()),
  steps: v.optional(v.unknown()),
  scheduler: v.optional(v.nullable(v.string())),
  clip_skip: v.optional(v.unknown()),
  model: v.optional(v.nullable(Model)),
  vae: v.optional(v.nullable(Model)),
  strength: v.optional(v.unknown()),
  loras: v.optional(v.nullable(v.pipe(v.array(v.unknown()), v.maxLength(100)))),
});

/** Keys of what else shaped the picture, and what Safelight calls it. */
const NO_COUNTERPART: Readonly<Record<string, string>> = {
  refiner_model: 'Refiner',
  hrf_enabled: 'High resolution fix',
  seamless_x: 'Seamless tiling',
  seamless_y: 'Seamless tiling',
};

/** Keys of settings, of the run, and of what only matters beside one of those above. */
const KNOWN: ReadonlySet<string> = new Set([
  ...Object.keys(Metadata.entries),
  ...Object.keys(NO_COUNTERPART),
  ...['generation_mode', 'app_version', 'init_image', 'canvas_v2_metadata', 'workflow', 'scheduler'],
  ...['controlnets', 't2iAdapters', 'ipAdapters', 'ref_images'],
]);
const isOfPart = (key: string) => /^(refiner|hrf)_/.test(key);

const isSet = (value: unknown) =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== false;
const modelName = (model: v.InferOutput<typeof Model> | null | undefined) => model?.name ?? model?.model_name;
const nullToUndefined = (value: unknown) => value ?? undefined;

/** The settings that InvokeAI writes since version 3 (`invokeai_metadata`); null for anything else. */
export function readInvokeMetadata(text: string): PictureSettings | null {
  const json = parseGraphJson(text);
  const parsed = v.safeParse(Metadata, json);
  if (!parsed.success || typeof parsed.output.positive_prompt !== 'string') return null;
  const data = parsed.output;
  const all = json as Readonly<Record<string, unknown>>;
  const prompt = parsed.output.positive_prompt;
  const { tags, notes: loraNotes } = loraTags((data.loras ?? []).flatMap(namedLora));
  const { scheduler, schedule, notes: samplerNotes } = findSampler('InvokeAI', data.scheduler ?? '');
  const isFromPicture =
    isSet(data.strength) && (isSet(all.init_image) || !/txt2img$/.test(String(all.generation_mode)));
  const names = new Set(
    Object.entries(NO_COUNTERPART).flatMap(([key, name]) => (isSet(all[key]) ? name : [])),
  );
  const steering = readInvokeSteering(all);
  const raw = {
    ...UNSAID,
    prompt: [compelPrompt(prompt), ...tags].join(' '),
    // Null is what the program writes for none.
    negativePrompt: data.negative_prompt === undefined ? undefined : compelPrompt(data.negative_prompt ?? ''),
    model: modelName(data.model),
    vae: modelName(data.vae),
    numInferenceSteps: nullToUndefined(data.steps),
    scheduler,
    schedule,
    guidanceScale: nullToUndefined(data.cfg_scale),
    guidanceRescale: data.cfg_rescale_multiplier ?? UNSAID.guidanceRescale,
    seed: nullToUndefined(data.seed),
    noise: data.rand_device === 'cuda' ? 'gpu' : 'cpu',
    width: nullToUndefined(data.width),
    height: nullToUndefined(data.height),
    strength: isFromPicture ? nullToUndefined(data.strength) : undefined,
    clipSkip: data.clip_skip ?? UNSAID.clipSkip,
    controls: steering.controls,
    picturePrompts: steering.picturePrompts,
  };
  const notes: SettingsNote[] = [
    ...(data.scheduler ? samplerNotes : []),
    ...loraNotes,
    ...steering.notes,
    ...compelNotes(prompt, data.negative_prompt ?? ''),
    ...(isFromPicture ? [{ kind: 'began-with-picture' } as const] : []),
    ...styleNotes(data),
    ...[...names].map((name) => ({ kind: 'no-counterpart', name }) as const),
    ...unknownNotes(
      Object.entries(all).filter(([key]) => !isOfPart(key)),
      KNOWN,
    ),
  ];
  return acceptSettings('InvokeAI', raw, [...notes, ...unreadNotes(raw, EXPECTED, notes)]);
}

const EXPECTED = [
  'negativePrompt',
  'model',
  'numInferenceSteps',
  'guidanceScale',
  'scheduler',
  'seed',
  'width',
  'height',
] as const;

function namedLora(entry: unknown): readonly NamedLora[] {
  const lora = v.safeParse(Lora, entry);
  if (!lora.success) return [{ name: '', weight: Number.NaN }];
  return [{ name: modelName(lora.output.model ?? lora.output.lora) ?? '', weight: lora.output.weight }];
}

/** SDXL's second text encoder may have read prompts of its own; empty ones mean the same prompt. */
function styleNotes(data: v.InferOutput<typeof Metadata>): SettingsNote[] {
  const pairs = [
    ['Positive style prompt', data.positive_style_prompt, data.positive_prompt],
    ['Negative style prompt', data.negative_style_prompt, data.negative_prompt],
  ] as const;
  return pairs.flatMap(([name, style, usual]) =>
    style && style.trim() !== '' && style !== usual
      ? { kind: 'no-counterpart' as const, name: shortName(`${name}: ${style}`) }
      : [],
  );
}

const OldMetadata = v.object({
  model_weights: v.optional(v.nullable(v.string())),
  image: v.looseObject({
    prompt: v.union([v.string(), v.pipe(v.array(v.object({ prompt: v.string() })), v.maxLength(100))]),
    sampler: v.optional(v.string(), ''),
    seed: v.optional(v.unknown()),
    cfg_scale: v.optional(v.unknown()),
    steps: v.optional(v.unknown()),
    width: v.optional(v.unknown()),
    height: v.optional(v.unknown()),
  }),
});

/** The settings that InvokeAI wrote before version 3 (`sd-metadata`; ldm/invoke/pngwriter.py); null for anything else. */
export function readSdMetadata(text: string): PictureSettings | null {
  const parsed = v.safeParse(OldMetadata, parseGraphJson(text));
  if (!parsed.success) return null;
  const { image, model_weights } = parsed.output;
  const whole =
    typeof image.prompt === 'string' ? image.prompt : image.prompt.map(({ prompt }) => prompt).join(', ');
  // In these versions, text in square brackets was the negative prompt.
  const negative = [...whole.matchAll(/\[([^[\]]*)\]/g)].map(([, words]) => words);
  const { scheduler, schedule, notes } = findSampler('InvokeAI', image.sampler);
  const isFromPicture = image.type === 'img2img';
  return acceptSettings(
    'InvokeAI',
    {
      ...UNSAID,
      prompt: compelPrompt(whole.replace(/\[[^[\]]*\]/g, '').trim()),
      negativePrompt: compelPrompt(negative.join(', ')),
      model: model_weights ? fileStem(model_weights) : undefined,
      numInferenceSteps: nullToUndefined(image.steps),
      scheduler,
      schedule,
      guidanceScale: nullToUndefined(image.cfg_scale),
      seed: nullToUndefined(image.seed),
      width: nullToUndefined(image.width),
      height: nullToUndefined(image.height),
      strength: isFromPicture ? nullToUndefined(image.strength) : undefined,
      noise: 'cpu',
    },
    [
      ...(image.sampler === '' ? [] : notes),
      ...compelNotes(whole),
      ...(isFromPicture ? [{ kind: 'began-with-picture' } as const] : []),
      ...unknownNotes(Object.entries(image), OLD_KNOWN),
    ],
  );
}

/** Keys of the picture in `sd-metadata` that are read, or that say which run it was. */
const OLD_KNOWN: ReadonlySet<string> = new Set([
  ...Object.keys(OldMetadata.entries.image.entries),
  ...['type', 'strength', 'init_img', 'orig_hash', 'iterations', 'grid'],
]);

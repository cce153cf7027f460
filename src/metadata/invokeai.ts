import * as v from 'valibot';
import type { PictureSettings, SettingsNote } from '../protocol/picture-settings.ts';
import { acceptSettings, shortName } from './accept-settings.ts';
import { parseGraphJson } from './comfyui-graph.ts';
import { fileStem, loraTag } from './lora-tag.ts';
import { findSampler } from './samplers.ts';

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
  controlnets: 'ControlNet',
  ipAdapters: 'IP adapter',
  ref_images: 'Reference images',
  t2iAdapters: 'T2I adapter',
  refiner_model: 'Refiner',
  hrf_enabled: 'High resolution fix',
  seamless_x: 'Seamless tiling',
  seamless_y: 'Seamless tiling',
};

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
  const { tags, notes: loraNotes } = loraTags(data.loras ?? []);
  const { scheduler, notes: samplerNotes } = findSampler(data.scheduler ?? '');
  const isFromPicture = isSet(data.strength) && (isSet(all.init_image) || all.generation_mode !== 'txt2img');
  const names = new Set(
    Object.entries(NO_COUNTERPART).flatMap(([key, name]) => (isSet(all[key]) ? name : [])),
  );
  const notes: SettingsNote[] = [
    ...(data.scheduler ? samplerNotes : []),
    ...loraNotes,
    ...compelNotes(prompt),
    ...(isFromPicture ? [{ kind: 'began-with-picture' } as const] : []),
    ...[...names].map((name) => ({ kind: 'no-counterpart', name }) as const),
  ];
  return acceptSettings(
    'InvokeAI',
    {
      prompt: [prompt, ...tags].join(' '),
      negativePrompt: data.negative_prompt ?? '',
      model: modelName(data.model),
      vae: modelName(data.vae),
      numInferenceSteps: nullToUndefined(data.steps),
      scheduler,
      guidanceScale: nullToUndefined(data.cfg_scale),
      guidanceRescale: data.cfg_rescale_multiplier ?? 0,
      seed: nullToUndefined(data.seed),
      noise: data.rand_device === 'cuda' ? 'gpu' : 'cpu',
      width: nullToUndefined(data.width),
      height: nullToUndefined(data.height),
      strength: isFromPicture ? nullToUndefined(data.strength) : undefined,
      clipSkip: data.clip_skip ?? 0,
    },
    notes,
  );
}

function loraTags(loras: readonly unknown[]): { tags: string[]; notes: SettingsNote[] } {
  const tags: string[] = [];
  const notes: SettingsNote[] = [];
  for (const entry of loras) {
    const lora = v.safeParse(Lora, entry);
    const name = lora.success ? modelName(lora.output.model ?? lora.output.lora) : undefined;
    if (!lora.success || name === undefined) continue;
    const tag = loraTag(name, lora.output.weight);
    if (tag) tags.push(tag);
    else notes.push({ kind: 'no-counterpart', name: shortName(`LoRA ${name}`) });
  }
  return { tags, notes };
}

/** Notes Compel's weights (`word++`, `(words)1.3`), which are plain text here. */
const compelNotes = (prompt: string): SettingsNote[] =>
  /[\w)"](\+\+?|--)(\s|,|$)|\)\d|\)\.(and|blend|swap)\(/.test(prompt)
    ? [{ kind: 'other-syntax', name: 'Compel' }]
    : [];

const OldMetadata = v.object({
  model_weights: v.optional(v.nullable(v.string())),
  image: v.object({
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
  const { scheduler, notes } = findSampler(image.sampler);
  return acceptSettings(
    'InvokeAI',
    {
      prompt: whole.replace(/\[[^[\]]*\]/g, '').trim(),
      negativePrompt: negative.join(', '),
      model: model_weights ? fileStem(model_weights) : undefined,
      numInferenceSteps: nullToUndefined(image.steps),
      scheduler,
      guidanceScale: nullToUndefined(image.cfg_scale),
      seed: nullToUndefined(image.seed),
      width: nullToUndefined(image.width),
      height: nullToUndefined(image.height),
      noise: 'cpu',
    },
    image.sampler === '' ? [] : notes,
  );
}

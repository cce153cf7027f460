import * as v from 'valibot';
import type { PictureSettings, SettingsNote } from '../../protocol/picture-settings.ts';
import { acceptSettings } from '../settings/accept-settings.ts';
import { fileStem, loraTags, type NamedLora } from '../settings/lora-tag.ts';
import { findSampler } from '../settings/samplers.ts';
import { numberOf, UNSAID, weightOf } from '../settings/setting-values.ts';
import { unknownNotes, unreadNotes } from '../settings/settings-notes.ts';
import { type FoundPart, findPreprocessor, foundLayer, steeringOf } from '../settings/steering.ts';
import { compelNotes, compelPrompt } from './compel.ts';

const text = v.optional(v.nullable(v.string()));
const EasyDiffusion = v.looseObject({
  prompt: v.string(),
  negative_prompt: text,
  num_inference_steps: v.union([v.number(), v.string()]),
  guidance_scale: v.unknown(),
  sampler_name: text,
  scheduler_name: text,
  use_stable_diffusion_model: v.unknown(),
  use_vae_model: v.unknown(),
});

/** Keys that are read, or that describe the run. An embedding is called by its word in the prompt. */
const KNOWN: ReadonlySet<string> = new Set([
  ...Object.keys(EasyDiffusion.entries),
  ...['seed', 'width', 'height', 'clip_skip', 'prompt_strength', 'use_lora_model', 'lora_alpha'],
  ...[
    'use_embeddings_model',
    'upscale_amount',
    'latent_upscaler_steps',
    'control_alpha',
    'use_controlnet_model',
    'distilled_guidance_scale',
  ],
  ...['hypernetwork_strength', 'control_filter_to_apply', 'num_outputs', 'session_id'],
]);

/** The names under which the same is written as text (ui/easydiffusion/utils/save_utils.py, TASK_TEXT_MAPPING). */
const LABELS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Prompt: 'prompt',
    'Negative Prompt': 'negative_prompt',
    Seed: 'seed',
    'Stable Diffusion model': 'use_stable_diffusion_model',
    'Clip Skip': 'clip_skip',
    'VAE model': 'use_vae_model',
    Sampler: 'sampler_name',
    Scheduler: 'scheduler_name',
    Width: 'width',
    Height: 'height',
    Steps: 'num_inference_steps',
    'Guidance Scale': 'guidance_scale',
    'Prompt Strength': 'prompt_strength',
    'LoRA model': 'use_lora_model',
    'LoRA Strength': 'lora_alpha',
    'ControlNet model': 'use_controlnet_model',
    'Hypernetwork model': 'use_hypernetwork_model',
    'Embedding models': 'use_embeddings_model',
    'Seamless Tiling': 'tiling',
    'Use Face Correction': 'use_face_correction',
    'Use Upscaling': 'use_upscale',
  }),
);

/** Samplers that its diffusers give Karras' schedule unless another is named (sdkit 2.1.1, diffusers_samplers.py). */
const KARRAS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    dpmpp_2m: 'dpmpp_2m',
    dpmpp_2m_sde: 'dpmpp_2m_sde',
    // diffusers has no such ancestral sampler.
    dpmpp_2s_a: 'dpmpp_2s',
  }),
);

/** Whose random numbers there are depends on its device (sdkit, generate/image_generator.py). */
const EXPECTED = ['model', 'guidanceScale', 'scheduler', 'seed', 'noise', 'width', 'height'] as const;

/** The settings that Easy Diffusion embeds, as JSON; null for anything else. */
export function readEasyJson(json: unknown): PictureSettings | null {
  const parsed = v.safeParse(EasyDiffusion, json);
  if (!parsed.success) return null;
  const said = parsed.output;
  const { sampler_name: name, scheduler_name: scheduleName } = said;
  const ofDiffusers = scheduleName ? undefined : KARRAS.get(name ?? '');
  const {
    scheduler,
    schedule,
    notes: samplerNotes,
  } = findSampler(
    scheduleName ? 'A1111' : 'Easy Diffusion',
    ofDiffusers ?? name ?? '',
    scheduleName ?? (ofDiffusers && 'karras'),
  );
  const loras = loraTags(easyLoras(said));
  const isFromPicture = said.prompt_strength !== undefined;
  const isSkipping = /^true$/i.test(String(flat(said.clip_skip)));
  const negative = said.negative_prompt ?? '';
  // A schedule is named where Forge paints, in A1111's syntax; sdkit's diffusers read Compel's.
  const read = scheduleName ? (prompt: string) => prompt : compelPrompt;
  const steering = steeringOf(easyControls(said));
  const raw = {
    ...UNSAID,
    prompt: [read(said.prompt), ...loras.tags].join(' '),
    negativePrompt: read(negative),
    model: modelName(said.use_stable_diffusion_model),
    vae: modelName(said.use_vae_model),
    numInferenceSteps: numberOf(said.num_inference_steps),
    scheduler,
    schedule,
    guidanceScale: numberOf(said.guidance_scale),
    seed: numberOf(said.seed),
    width: numberOf(said.width),
    height: numberOf(said.height),
    strength: numberOf(said.prompt_strength),
    clipSkip: isSkipping ? 1 : UNSAID.clipSkip,
    controls: steering.controls,
  };
  const notes: SettingsNote[] = [
    ...(name ? samplerNotes : []),
    ...(isFromPicture ? [{ kind: 'began-with-picture' } as const] : []),
    ...(schedule ? [] : compelNotes(said.prompt, negative)),
    ...loras.notes,
    ...steering.notes,
    ...unknownNotes(Object.entries(said), KNOWN),
  ];
  return acceptSettings('Easy Diffusion', raw, [...notes, ...unreadNotes(raw, EXPECTED, notes)]);
}

/** The same from the texts of a PNG, where each setting has its own. */
export function readEasyTexts(texts: ReadonlyMap<string, string>): PictureSettings | null {
  if (!texts.has('num_inference_steps') && !(texts.has('Steps') && texts.has('Stable Diffusion model')))
    return null;
  return readEasyJson(Object.fromEntries([...texts].map(([key, value]) => [LABELS.get(key) ?? key, value])));
}

const flat = (value: unknown) => (typeof value === 'object' ? '' : value);

/** A file's name; null, an empty text and Python's None are none. */
function modelName(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value !== 'None' ? fileStem(value) : undefined;
}

/** One or several, as JSON's lists or as Python prints them. */
function listOf(value: unknown): readonly unknown[] {
  if (typeof value !== 'string' || !value.startsWith('[')) return Array.isArray(value) ? value : [value];
  return value
    .slice(1, -1)
    .split(',')
    .map((part) => part.trim().replace(/^(['"])(.*)\1$/, '$2'));
}

function easyLoras(said: Readonly<Record<string, unknown>>): NamedLora[] {
  const weights = listOf(said.lora_alpha);
  return listOf(said.use_lora_model)
    .slice(0, 100)
    .flatMap((path, i) => {
      const name = modelName(path);
      return name === undefined ? [] : { name, weight: weightOf(weights[i]) };
    });
}

/** A ControlNet, how strong it is, and what makes its map (`control_filter_to_apply`). */
function easyControls(said: Readonly<Record<string, unknown>>): FoundPart[] {
  const model = modelName(said.use_controlnet_model);
  if (model === undefined) return [];
  const { control } = foundLayer(model, { scale: numberOf(said.control_alpha) ?? 1, start: 0, end: 1 });
  const made = findPreprocessor(String(flat(said.control_filter_to_apply) ?? ''));
  return [{ control: { ...control, preprocessor: made.preprocessor }, notes: made.notes }];
}

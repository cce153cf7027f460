import * as v from 'valibot';
import type { PictureSettings, SettingsNote } from '../../protocol/picture-settings.ts';
import { asPrompt } from '../comfyui/syntax.ts';
import { acceptSettings } from '../settings/accept-settings.ts';
import { loraTags } from '../settings/lora-tag.ts';
import { emphasisNotes } from '../settings/prompt-words.ts';
import { findSampler } from '../settings/samplers.ts';
import { numberOf, skipOfLayer, torchSeed, UNSAID } from '../settings/setting-values.ts';
import { unknownNotes, unreadNotes } from '../settings/settings-notes.ts';

const Texts = v.optional(v.pipe(v.array(v.string()), v.maxLength(200)));
const Fooocus = v.looseObject({
  prompt: v.string(),
  base_model: v.string(),
  performance: v.string(),
  negative_prompt: v.optional(v.string()),
  full_prompt: Texts,
  full_negative_prompt: Texts,
  sampler: v.optional(v.string()),
  scheduler: v.optional(v.string()),
  resolution: v.optional(v.string()),
  vae: v.optional(v.string()),
});

/** Keys that are read, or that only describe the run. */
const KNOWN: ReadonlySet<string> = new Set([
  ...Object.keys(Fooocus.entries),
  ...[
    'prompt_expansion',
    'styles',
    'steps',
    'guidance_scale',
    'clip_skip',
    'seed',
    'loras',
    'version',
    'created_by',
  ],
  ...['base_model_hash', 'refiner_model_hash', 'refiner_switch', 'metadata_scheme'],
]);

const EXPECTED = ['numInferenceSteps', 'guidanceScale', 'scheduler', 'seed', 'width', 'height'] as const;

/**
 * The settings that Fooocus writes as JSON (modules/meta_parser.py, FooocusMetadataParser; modules/async_worker.py); null for
 * anything else. Its styles and its expansion are taken over as the words that they put into the prompts.
 */
export function readFooocusJson(json: unknown): PictureSettings | null {
  const parsed = v.safeParse(Fooocus, json);
  if (!parsed.success) return null;
  const said = parsed.output;
  const {
    scheduler,
    schedule,
    notes: samplerNotes,
  } = findSampler('Fooocus', said.sampler ?? '', said.scheduler);
  const loras = loraTags(combinedLoras(said));
  const [, width, height] = /^\((\d{1,5}), ?(\d{1,5})\)$/.exec(said.resolution ?? '') ?? [];
  const prompt = asPrompt(said.full_prompt?.join(', ') ?? said.prompt);
  const negativePrompt = asPrompt(said.full_negative_prompt?.join(', ') ?? said.negative_prompt ?? '');
  const raw = {
    ...UNSAID,
    prompt: [prompt, ...loras.tags].join(' '),
    negativePrompt,
    model: said.base_model,
    vae: said.vae === undefined || said.vae.startsWith('Default') ? undefined : said.vae,
    numInferenceSteps: numberOf(said.steps),
    scheduler,
    schedule,
    guidanceScale: numberOf(said.guidance_scale),
    seed: torchSeed(said.seed),
    noise: 'cpu',
    width: numberOf(width),
    height: numberOf(height),
    // It is written from 2 on.
    clipSkip: skipOfLayer(numberOf(said.clip_skip) ?? 1),
  };
  const notes: SettingsNote[] = [
    ...(said.sampler === undefined ? [] : samplerNotes),
    ...loras.notes,
    // It weighs as ComfyUI does and then restores the mean (modules/patch_clip.py).
    ...emphasisNotes(prompt, negativePrompt),
    ...unknownNotes(
      Object.entries(said).filter(([key]) => !LORA.test(key)),
      KNOWN,
    ),
  ];
  return acceptSettings('Fooocus', raw, [...notes, ...unreadNotes(raw, EXPECTED, notes)]);
}

const LORA = /^lora_combined_\d{1,2}$/;

/** `name : 0.5`. */
function combinedLoras(said: Readonly<Record<string, unknown>>) {
  return Object.entries(said).flatMap(([key, value]) => {
    if (!LORA.test(key) || typeof value !== 'string') return [];
    const [name = '', weight] = value.split(' : ');
    return { name, weight: Number(weight) };
  });
}

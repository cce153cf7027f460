import * as v from 'valibot';
import type { PictureSettings, SettingsNote } from '../../protocol/picture-settings.ts';
import { parseGraphJson } from '../comfyui/graph.ts';
import { acceptSettings } from '../settings/accept-settings.ts';
import { isEmphasised } from '../settings/prompt-words.ts';
import { findSampler } from '../settings/samplers.ts';
import { numberOf, torchSeed, UNSAID } from '../settings/setting-values.ts';
import { unknownNotes, unreadNotes } from '../settings/settings-notes.ts';
import { novelPrompt } from './novel-prompt.ts';

const Captions = v.optional(
  v.looseObject({
    caption: v.looseObject({
      base_caption: v.optional(v.string()),
      char_captions: v.optional(v.pipe(v.array(v.unknown()), v.maxLength(100)), []),
    }),
  }),
);
const Comment = v.looseObject({
  prompt: v.optional(v.string()),
  uc: v.optional(v.string()),
  steps: v.unknown(),
  scale: v.unknown(),
  sampler: v.optional(v.string()),
  noise_schedule: v.optional(v.nullable(v.string())),
  request_type: v.optional(v.nullable(v.string())),
  v4_prompt: v.nullish(Captions),
  v4_negative_prompt: v.nullish(Captions),
});

/** Keys that are read, or that say which run it was. */
const KNOWN: ReadonlySet<string> = new Set([
  ...Object.keys(Comment.entries),
  ...['seed', 'width', 'height', 'cfg_rescale', 'strength', 'n_samples', 'signed_hash', 'version', 'stream'],
  ...['hide_debug_overlay', 'add_original_image', 'params_version', 'qualityToggle', 'ucPreset'],
  // Its own improvements of old versions, and what belongs to settings that are off.
  ...[
    'legacy',
    'legacy_v3_extend',
    'legacy_uc',
    'extra_noise_seed',
    'lora_unet_weights',
    'lora_clip_weights',
  ],
  ...[
    'dynamic_thresholding_percentile',
    'dynamic_thresholding_mimic_scale',
    'controlnet_strength',
    'uncond_per_vibe',
  ],
  ...['cfg_sched_eligibility', 'prefer_brownian', 'deliberate_euler_ancestral_bug', 'wonky_vibe_correlation'],
  ...['explike_fine_detail', 'minimize_sigma_inf', 'normalize_reference_strength_multiple'],
  ...['reference_information_extracted', 'reference_information_extracted_multiple'],
]);

const EXPECTED = [
  'prompt',
  'negativePrompt',
  'numInferenceSteps',
  'guidanceScale',
  'scheduler',
  'seed',
  'width',
  'height',
  // It is not published.
  'noise',
] as const;

/**
 * The settings that NovelAI writes as `Comment` beside `Software: NovelAI` (github.com/NovelAI/novelai-image-metadata); null
 * for anything else. `source` names its model.
 */
export function readNovelComment(text: string, source: string | undefined): PictureSettings | null {
  const parsed = v.safeParse(Comment, parseGraphJson(text));
  if (!parsed.success) return null;
  const said = parsed.output;
  const {
    scheduler,
    schedule,
    notes: samplerNotes,
  } = findSampler('NovelAI', said.sampler ?? '', said.noise_schedule ?? '');
  const isFromPicture = /img2img|infill/i.test(said.request_type ?? '');
  const read = (words: string | undefined) => (words === undefined ? undefined : novelPrompt(words));
  const positive = read(said.v4_prompt?.caption.base_caption ?? said.prompt);
  const negative = read(said.v4_negative_prompt?.caption.base_caption ?? said.uc);
  const characters = said.v4_prompt?.caption.char_captions.length ?? 0;
  const raw = {
    ...UNSAID,
    prompt: positive?.prompt,
    negativePrompt: negative?.prompt,
    model: source,
    numInferenceSteps: numberOf(said.steps),
    scheduler,
    schedule,
    guidanceScale: numberOf(said.scale),
    guidanceRescale: numberOf(said.cfg_rescale) ?? UNSAID.guidanceRescale,
    seed: torchSeed(said.seed),
    width: numberOf(said.width),
    height: numberOf(said.height),
    strength: isFromPicture ? numberOf(said.strength) : undefined,
  };
  const notes: SettingsNote[] = [
    ...(said.sampler === undefined ? [] : samplerNotes),
    ...(isFromPicture ? [{ kind: 'began-with-picture' } as const] : []),
    ...(characters > 0 ? [{ kind: 'no-counterpart', name: `char_captions: ${characters}` } as const] : []),
    ...(positive?.notes ?? []),
    ...(negative?.notes ?? []),
    // How it applies its weights, nothing says.
    ...([positive, negative].some((side) => side && isEmphasised(side.prompt))
      ? [{ kind: 'unread', name: 'emphasis' } as const]
      : []),
    ...unknownNotes(
      Object.entries(said).filter(([key, value]) => !(key === 'uncond_scale' && value === 1)),
      KNOWN,
    ),
  ];
  return acceptSettings('NovelAI', raw, [...notes, ...unreadNotes(raw, EXPECTED, notes)]);
}

const Wrapped = v.object({
  Software: v.literal('NovelAI'),
  Comment: v.string(),
  Source: v.optional(v.string()),
});

/** The same where all texts of a PNG are one JSON, as in the EXIF of its WebP; null for anything else. */
export function readNovelJson(json: unknown): PictureSettings | null {
  const parsed = v.safeParse(Wrapped, json);
  return parsed.success ? readNovelComment(parsed.output.Comment, parsed.output.Source) : null;
}

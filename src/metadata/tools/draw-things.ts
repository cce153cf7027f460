import * as v from 'valibot';
import type { PictureSettings, SettingsNote } from '../../protocol/picture-settings.ts';
import { parseGraphJson } from '../comfyui/graph.ts';
import { acceptSettings } from '../settings/accept-settings.ts';
import { fileStem, loraTags } from '../settings/lora-tag.ts';
import { asWords, isEmphasised } from '../settings/prompt-words.ts';
import { findSampler } from '../settings/samplers.ts';
import { numberOf, skipOfLayer, UNSAID } from '../settings/setting-values.ts';
import { unknownNotes, unreadNotes } from '../settings/settings-notes.ts';
import { type FoundPart, foundLayer, foundPrompt, steeringOf } from '../settings/steering.ts';

const DrawThings = v.looseObject({
  c: v.string(),
  uc: v.string(),
  scale: v.number(),
  sampler: v.optional(v.string()),
  size: v.optional(v.string()),
  model: v.optional(v.string()),
  seed_mode: v.optional(v.string()),
  lora: v.optional(
    v.pipe(
      v.array(v.looseObject({ model: v.optional(v.string()), weight: v.optional(v.number()) })),
      v.maxLength(100),
    ),
    [],
  ),
  control: v.optional(v.pipe(v.array(v.record(v.string(), v.unknown())), v.maxLength(100)), []),
});

/** Keys that are read, or that describe the run; `v2` and `profile` repeat it. */
const KNOWN: ReadonlySet<string> = new Set([
  ...Object.keys(DrawThings.entries),
  ...['v2', 'profile', 'steps', 'seed', 'strength', 'clip_skip', 'mask_blur'],
  ...['first_stage_size', 'second_stage_strength', 'refiner_start'],
  ...['target_size', 'original_size', 'negative_original_size', 'crop_top', 'crop_left'],
  ...['aesthetic_score', 'negative_aesthetic_score'],
]);

/** Its random numbers that are torch's; the other two kinds are its own. */
const NOISE: ReadonlyMap<string, 'cpu' | 'gpu'> = new Map(
  Object.entries({
    'Torch CPU Compatible': 'cpu',
    'NVIDIA GPU Compatible': 'gpu',
  } as const),
);

const EXPECTED = ['model', 'numInferenceSteps', 'scheduler', 'seed', 'width', 'height'] as const;

/** The settings that Draw Things writes as JSON (Libraries/LocalImageGenerator/Sources/ImageConverter.swift); null for anything else. */
export function readDrawThingsJson(json: unknown): PictureSettings | null {
  const parsed = v.safeParse(DrawThings, json);
  if (!parsed.success) return null;
  const said = parsed.output;
  const { scheduler, schedule, notes: samplerNotes } = findSampler('Draw Things', said.sampler ?? '');
  const loras = loraTags(said.lora.map(({ model = '', weight = 1 }) => ({ name: model, weight })));
  const [width, height] = said.size?.split('x') ?? [];
  const isFromPicture = typeof said.strength === 'number' && said.strength < 1;
  const noise = NOISE.get(said.seed_mode ?? '');
  const [prompt, negativePrompt] = [drawThingsPrompt(said.c), drawThingsPrompt(said.uc)];
  const steering = steeringOf(said.control.map(readControl));
  const raw = {
    ...UNSAID,
    prompt: [prompt, ...loras.tags].join(' '),
    negativePrompt,
    model: said.model && fileStem(said.model),
    numInferenceSteps: numberOf(said.steps),
    scheduler,
    schedule,
    guidanceScale: said.scale,
    seed: numberOf(said.seed),
    noise,
    width: numberOf(width),
    height: numberOf(height),
    strength: isFromPicture ? said.strength : undefined,
    clipSkip: skipOfLayer(numberOf(said.clip_skip) ?? 1),
    controls: steering.controls,
    picturePrompts: steering.picturePrompts,
  };
  const notes: SettingsNote[] = [
    ...(said.sampler === undefined ? [] : samplerNotes),
    ...(isFromPicture ? [{ kind: 'began-with-picture' } as const] : []),
    ...(noise === undefined && said.seed_mode
      ? [{ kind: 'no-counterpart', name: `Seed mode: ${said.seed_mode}`.slice(0, 100) } as const]
      : []),
    ...loras.notes,
    ...steering.notes,
    // Nothing says how the weights are applied.
    ...([prompt, negativePrompt].some(isEmphasised) ? [{ kind: 'unread', name: 'emphasis' } as const] : []),
    ...unknownNotes(Object.entries(said), KNOWN),
  ];
  const expected = said.seed_mode ? EXPECTED : [...EXPECTED, 'noise' as const];
  return acceptSettings('Draw Things', raw, [...notes, ...unreadNotes(raw, expected, notes)]);
}

/** A ControlNet, T2I-Adapter or IP-Adapter in its own file format, named by that file. */
function readControl(control: Readonly<Record<string, unknown>>): FoundPart {
  const name = typeof control.file === 'string' ? control.file.replace(/\.ckpt$/, '') : '';
  const part = {
    scale: control.weight ?? 1,
    start: control.guidance_start ?? 0,
    end: control.guidance_end ?? 1,
  };
  const found = /ip_?adapter/i.test(name) ? foundPrompt(name, part) : foundLayer(name, part);
  const others = unknownNotes(
    Object.entries(control).map(([key, value]) => [`${name} ${key}`, value] as const),
    new Set(['file', 'weight', 'guidance_start', 'guidance_end'].map((key) => `${name} ${key}`)),
  );
  return { ...found, notes: [...found.notes, ...others] };
}

/**
 * A prompt as Safelight reads it (Libraries/Tokenizer/Sources/Attention.swift): round and square brackets weigh 1.1 and
 * 1 / 1.1, nothing escapes them, and what is inside square ones is neither edited nor alternated.
 */
function drawThingsPrompt(text: string): string {
  const words = asWords(text).replaceAll('\\', '\\\\');
  const depths = [...words].reduce<readonly number[]>(
    ([depth = 0, least = 0], char) => {
      const now = depth + Number(char === '[') - Number(char === ']');
      return [now, Math.min(least, now)];
    },
    [0, 0],
  );
  const isBalanced = depths.every((depth) => depth === 0);
  if (!isBalanced) return words.replace(/[[\]]/g, '\\$&');
  return words.replaceAll('[', '(').replaceAll(']', `:${SQUARE})`);
}

const SQUARE = 0.909091;

const OPEN = '<exif:UserComment>';
const MAX_XMP = 2_000_000;

/** Its settings in a packet of XMP (ISO 16684-1), where ImageIO puts the comment of a PNG; null for a packet without them. */
export function readDrawThingsXmp(xmp: string): PictureSettings | null {
  const start = xmp.indexOf(OPEN);
  const end = xmp.indexOf('</exif:UserComment>', start);
  if (xmp.length > MAX_XMP || start < 0 || end < 0) return null;
  const text = xmp.slice(start + OPEN.length, end).replace(/<[^<>]{0,200}>/g, '');
  return readDrawThingsJson(parseGraphJson(withoutEntities(text).trim()));
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** XML's five entities and numbers of characters. */
const withoutEntities = (text: string) =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(lt|gt|amp|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name) return ENTITIES[name.toLowerCase()] as string;
    const code = Number.parseInt(decimal ?? hex, decimal ? 10 : 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

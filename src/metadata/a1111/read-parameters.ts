import type { PictureSettings, SettingsNote, Tool } from '../../protocol/picture-settings.ts';
import { A1111_NAMES, type A1111Name, SETTINGS, settingOf } from '../../protocol/settings.ts';
import { asPrompt } from '../comfyui/syntax.ts';
import { acceptSettings } from '../settings/accept-settings.ts';
import { loraTags } from '../settings/lora-tag.ts';
import { emphasisNotes } from '../settings/prompt-words.ts';
import { findSampler } from '../settings/samplers.ts';
import { numberOrText, skipOfLayer, torchSeed } from '../settings/setting-values.ts';
import { unknownNotes, unreadNotes } from '../settings/settings-notes.ts';
import { choiceOfWord, mayEmphasise, OWN_VERSION, SIZE, STOPPED, TEMPLATES } from './a1111.ts';
import { civitaiResources, hashedNotes } from './civitai-resources.ts';
import { isOfUnit, readControlUnits } from './read-control-units.ts';
import { HIRES_KEYS, isOfPicture, readHires } from './read-hires.ts';
import { infotextOf } from './split-infotext.ts';
import { OTHER_ETA, promptNotes, readEta } from './versions.ts';

/** What `VAE` says if it is the model's own, in lower case; the last two are SD.Next's and Fooocus'. */
const NO_VAE: readonly string[] = ['none', 'automatic', 'default', 'default (model)'];

/** Keys that are read here, or that only say which files, which program and which run it was. */
const KNOWN: ReadonlySet<string> = new Set([
  ...A1111_NAMES.map((name) => SETTINGS[name].a1111),
  ...HIRES_KEYS,
  ...[SIZE, STOPPED, OTHER_ETA, 'Inpaint area', 'Version', 'User', 'App', 'Created Date', 'Civitai metadata'],
  ...[
    'Model hash',
    'VAE hash',
    'Lora hashes',
    'TI',
    'TI hashes',
    'Hashes',
    'Init image hash',
    'Init image size',
    'Civitai resources',
  ],
  ...['Batch size', 'Batch pos', 'Raw prompt', 'Raw negative prompt'],
  ...TEMPLATES,
  ...['Scheduler', 'Performance', 'Lora weights', 'Refiner hash'],
]);

/** The programs whose noise is the CPU's, and whose prompts are read by ComfyUI's code. */
const ON_COMFYUI: readonly Tool[] = ['ComfyUI', 'Fooocus'];

/** Values with which a key says nothing: what A1111's own reader puts where the key is missing. */
const USUAL: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'Mask mode': 'Inpaint masked',
    'VAE Encoder': 'Full',
    'VAE Decoder': 'Full',
    'FP8 weight': 'Disable',
    'Hires Module 1': 'Use same choices',
    'Schedule max sigma': '0',
    'Schedule min sigma': '0',
    'Schedule rho': '0',
    ENSD: '0',
  }),
);

const isUnusual = ([key, value]: readonly [string, string]) => USUAL.get(key) !== value && !isOfUnit(key);

/**
 * The settings in a `parameters` text as AUTOMATIC1111's web UI and the tools that follow it write it
 * (modules/infotext_utils.py, parse_generation_parameters): prompt, negative prompt, then `Steps: 20, Sampler: …`. A
 * setting that is left out has A1111's default. Null for a text without such a last line. `writer` is the program where the
 * file says more of it than the text.
 */
export function readParameters(text: string, writer?: Tool): PictureSettings | null {
  const parts = infotextOf(text);
  if (!parts) return null;
  const { prompt, negativePrompt, pairs } = parts;
  const said = (name: A1111Name) => pairs.get(SETTINGS[name].a1111);
  const number = (name: A1111Name) => numberOrText(said(name));
  const tool = writer ?? toolOf(pairs.get('Version'));
  const size = pairs.get(SIZE)?.split('x') ?? [];
  const sampler = findSampler(tool, said('scheduler') ?? '', said('schedule') ?? pairs.get('Scheduler'));
  const { hires, firstPass, notes: hiresNotes } = readHires(pairs);
  const strength = isOfPicture(pairs, hires) ? number('strength') : undefined;
  const noise = readNoise(tool, pairs);
  const eta = readEta(tool, sampler.scheduler, pairs);
  const resources = civitaiResources(pairs.get('Civitai resources'));
  const vae = said('vae');
  const isComfy = ON_COMFYUI.includes(tool);
  const inOurs = isComfy ? asPrompt : (words: string) => words;
  const steering = readControlUnits(pairs);
  const loras = loraTags(weightedLoras(pairs.get('Lora weights')));
  const notes: SettingsNote[] = [
    ...(said('scheduler') === undefined ? [] : sampler.notes),
    ...(strength === undefined ? [] : [{ kind: 'began-with-picture' } as const]),
    ...steering.notes,
    ...stoppedNotes(pairs.get(STOPPED)),
    ...hiresNotes,
    ...loras.notes,
    ...eta.notes,
    ...(tool === 'A1111' ? promptNotes(parts, hires !== null) : []),
    ...unknownNotes([...pairs].filter(isUnusual), KNOWN),
    ...resources.notes,
    ...hashedNotes(pairs, `${prompt}\n${negativePrompt}`),
    ...(isComfy ? emphasisNotes(inOurs(prompt), inOurs(negativePrompt)) : []),
  ];
  const raw = {
    prompt: [inOurs(prompt), ...loras.tags].join(' '),
    negativePrompt: inOurs(negativePrompt),
    model: said('model') ?? resources.checkpoint,
    vae: vae !== undefined && NO_VAE.includes(vae.toLowerCase()) ? undefined : vae,
    ...readNumbers(pairs),
    eta: eta.value,
    seed: noise === 'cpu' ? torchSeed(said('seed')) : number('seed'),
    noise,
    scheduler: sampler.scheduler,
    schedule: sampler.schedule,
    width: firstPass?.width ?? numberOrText(size[0]),
    height: firstPass?.height ?? numberOrText(size[1]),
    strength,
    hires,
    controls: steering.controls,
    picturePrompts: steering.picturePrompts,
    ...readInpaint(pairs),
    clipSkip: skipOfLayer(number('clipSkip') ?? 1),
    emphasis: readEmphasis(said('emphasis'), !isComfy && mayEmphasise({ prompt, negativePrompt })),
  };
  return acceptSettings(tool, raw, [...notes, ...unreadNotes(raw, EXPECTED, notes)]);
}

/** What our own texts say of a picture that is not finished. */
function stoppedNotes(said: string | undefined): SettingsNote[] {
  const [, hires, step, steps] = /^(Hires )?(\d{1,4}) of (\d{1,4})$/.exec(said ?? '') ?? [];
  return step ? [{ kind: 'stopped', pass: hires ? 2 : 1, step: Number(step), steps: Number(steps) }] : [];
}

/** What every picture was made with, whatever its text says; without `RNG`, only some programs' noise is known. */
const EXPECTED = [
  ...(['model', 'numInferenceSteps', 'guidanceScale', 'scheduler', 'seed', 'width', 'height'] as const),
  'noise',
] as const;

function readEmphasis(said: string | undefined, isUsed: boolean): unknown {
  if (said !== undefined) return choiceOfWord('emphasis', said);
  return isUsed ? SETTINGS.emphasis.default : undefined;
}

function toolOf(version = ''): Tool {
  if (version.startsWith(OWN_VERSION)) return 'Safelight';
  if (/^comfyui\b/i.test(version)) return 'ComfyUI';
  return version.startsWith('Fooocus') ? 'Fooocus' : 'A1111';
}

/** The settings that are a number in A1111's text as they are here: of what it does not say, A1111's default is ours. */
const READ_APART: readonly A1111Name[] = ['seed', 'clipSkip', 'eta'];
const NUMBERS = A1111_NAMES.filter((name) => {
  const { kind, within } = settingOf(name);
  return kind === 'number' && within === undefined && !READ_APART.includes(name);
});
const readNumbers = (pairs: ReadonlyMap<string, string>): Partial<Record<A1111Name, unknown>> =>
  Object.fromEntries(
    NUMBERS.map((name) => [name, numberOrText(pairs.get(SETTINGS[name].a1111)) ?? settingOf(name).default]),
  );

/**
 * A1111 says nothing for CUDA's numbers, and `NV` for the same ones made on another device. Fooocus and ComfyUI make all on
 * the CPU, and of Civitai's generator nobody knows.
 */
function readNoise(tool: Tool, pairs: ReadonlyMap<string, string>): unknown {
  const said = pairs.get(SETTINGS.noise.a1111);
  if (said === undefined && ON_COMFYUI.includes(tool)) return 'cpu';
  if (said === undefined) return pairs.has('Civitai resources') ? undefined : 'gpu';
  return said === 'NV' ? 'gpu' : said.toLowerCase();
}

/** What A1111 says if only a part was painted; all of it has `Mask blur`. */
function readInpaint(pairs: ReadonlyMap<string, string>) {
  const said = (name: A1111Name) => pairs.get(SETTINGS[name].a1111);
  if (said('maskBlur') === undefined) return {};
  const content = said('maskedContent') ?? SETTINGS.maskedContent.default;
  const isCropped = pairs.get('Inpaint area') === 'Only masked';
  return {
    maskBlur: numberOrText(said('maskBlur')),
    maskedContent: choiceOfWord('maskedContent', content),
    paddingMaskCrop: isCropped ? numberOrText(said('paddingMaskCrop') ?? '32') : null,
  };
}

/** Fooocus' `Lora weights: a: 0.5, b: 1`. */
function weightedLoras(text: string | undefined) {
  return (text?.split(', ') ?? []).slice(0, 20).map((pair) => {
    const [name = '', weight] = pair.split(': ');
    return { name, weight: Number(weight) };
  });
}

import type { SettingsNote } from '../../protocol/picture-settings.ts';
import { numberOrText } from '../settings/setting-values.ts';
import { noCounterpart, unknownNotes } from '../settings/settings-notes.ts';
import {
  type FoundPart,
  type FoundSteering,
  findPreprocessor,
  foundPrompt,
  steeringOf,
} from '../settings/steering.ts';
import { UNION_KINDS } from '../settings/union-kinds.ts';
import { BALANCED, GUESS, PROMPT_KEY } from './control-units.ts';
import { infotextPairs } from './infotext-pairs.ts';

type Pairs = ReadonlyMap<string, string>;

const MAX_UNITS = 20;
/** `ControlNet 0: "Module: …"`; before there could be several, without a number; some services write a small n. */
const UNIT = /^ControlNet(?: (\d{1,2}))?$/i;
/** Before that, each setting was a pair of its own: `ControlNet-0 Module: canny`, `ControlNet Module: canny`. */
const OLD_PAIR =
  /^ControlNet(?:-(\d{1,2}))? (Enabled|Module|Model|Weight|Guidance Start|Guidance End|Guidance Strength)$/;
const OWN_PAIR = new RegExp(`^${PROMPT_KEY} (\\d)$`);

/** Whether a pair belongs to a unit. */
export const isOfUnit = (key: string): boolean => UNIT.test(key) || OLD_PAIR.test(key) || OWN_PAIR.test(key);

/**
 * The units of sd-webui-controlnet, of Forge's and of what follows them, in every dialect they have had (scripts/infotext.py,
 * scripts/controlnet.py): layers, and IP-Adapters as picture prompts.
 */
export function readControlUnits(pairs: Pairs): FoundSteering {
  const parts = unitsOf(pairs).map(readUnit);
  const { picturePrompts, ...found } = steeringOf(parts);
  const own = picturePrompts.map((prompt, i) => ({ ...prompt, ...ownOf(pairs.get(`${PROMPT_KEY} ${i}`)) }));
  return { ...found, picturePrompts: own };
}

/** Each unit's settings, by their names in small letters. */
function unitsOf(pairs: Pairs): readonly Pairs[] {
  const whole = [...pairs].flatMap(([key, text]) => (UNIT.test(key) ? [unitPairs(text)] : []));
  const old = new Map<string, Map<string, string>>();
  for (const [key, value] of pairs) {
    const [, number = '', name] = OLD_PAIR.exec(key) ?? [];
    if (name === undefined) continue;
    const unit = old.get(number) ?? new Map<string, string>();
    old.set(number, unit.set(name === 'Guidance Strength' ? 'guidance end' : name.toLowerCase(), value));
  }
  const enabled = [...old.values()].filter((unit) => unit.get('enabled') !== 'False');
  return [...whole, ...enabled].slice(0, MAX_UNITS);
}

/** `starting/ending: (0, 1)` and `preprocessor params: (512, 100, 200)` are lists, which pairs with commas cannot hold. */
function unitPairs(text: string): Pairs {
  const plain = text
    .slice(0, MAX_LENGTH)
    .replace(/starting\/ending: \(([^(),]{0,30}),([^(),]{0,30})\)/i, 'guidance start: $1, guidance end: $2')
    .replace(/preprocessor params: \([^()]{0,100}\)/i, '');
  const named = [...infotextPairs(plain)].map(([key, value]) => {
    const name = key.toLowerCase().replaceAll('_', ' ');
    return [name === 'preprocessor' ? 'module' : name, value] as const;
  });
  return new Map(named);
}

const MAX_LENGTH = 2000;

/** What shapes no picture, or only says again what is read, or by what size a map is made, which the picture's own is here. */
const KNOWN: ReadonlySet<string> = new Set([
  ...['module', 'model', 'weight', 'guidance start', 'guidance end', 'control mode', 'union control type'],
  ...[
    'enabled',
    'low vram',
    'processor res',
    'pixel perfect',
    'save detected map',
    'input mode',
    'resize mode',
  ],
  ...[
    'threshold a',
    'threshold b',
    'guess mode',
    'is ui',
    'batch images',
    'loopback',
    'use preview as input',
  ],
]);
const USUAL: ReadonlyMap<string, RegExp> = new Map([
  ['hr option', /^(HiResFixOption\.)?both$/i],
  ['batch image dir', /^$/],
  ['batch mask dir', /^$/],
]);

function readUnit(unit: Pairs): FoundPart {
  const module = unit.get('module') ?? '';
  const model = (unit.get('model') ?? '').replace(/ \[[\da-f]{8}\]$/i, '');
  // A reference, an inpainting, a color grid: the module alone does it.
  if (/^(none)?$/i.test(model)) return { notes: [noCounterpart(`ControlNet ${module}`)] };
  const number = (name: string, usual: number) => numberOrText(unit.get(name)) ?? usual;
  const others = unknownNotes(
    [...unit]
      .filter(([key, value]) => !USUAL.get(key)?.test(value))
      .map(([key, value]) => [`ControlNet ${key}`, value] as const),
    new Set([...KNOWN].map((key) => `ControlNet ${key}`)),
  );
  const [scale, start, end] = [number('weight', 1), number('guidance start', 0), number('guidance end', 1)];
  if (/^ip-adapter|^instant_?id/i.test(module) || /ip-?adapter/i.test(model)) {
    const found = foundPrompt(model, { scale, start, end });
    return { ...found, notes: [...found.notes, ...others] };
  }
  const made = findPreprocessor(module);
  const mode = readMode(unit);
  const kind = unit.get('union control type');
  const controlMode = kind === undefined ? null : unionKind(kind);
  const control = {
    model,
    preprocessor: made.preprocessor,
    controlMode,
    scale,
    start,
    end,
    isGuess: mode.isGuess,
  };
  const thresholds = made.preprocessor === 'canny' ? thresholdNotes(unit) : [];
  return { control, notes: [...made.notes, ...mode.notes, ...thresholds, ...others] };
}

/** `Balanced`, `ControlMode.BALANCED`, 0; before, whether it is guessed. */
function readMode(unit: Pairs): { readonly isGuess: boolean; readonly notes: readonly SettingsNote[] } {
  const said = unit.get('control mode')?.replace(/^ControlMode\./, '');
  const isGuess =
    said === undefined ? unit.get('guess mode') === 'True' : isOneOf(said, GUESS, 'CONTROL', '2');
  const isKnown = said === undefined || isGuess || isOneOf(said, BALANCED, '0');
  return {
    isGuess,
    notes: isKnown
      ? []
      : [noCounterpart(`Control Mode: ${said === '1' || said === 'PROMPT' ? PROMPT : said}`)],
  };
}

const PROMPT = 'My prompt is more important';
const isOneOf = (said: string, ...words: readonly string[]) =>
  words.some((word) => word.toLowerCase() === said.toLowerCase());

/** A1111's word for it, an enum's name, or a number; null for none. */
function unionKind(said: string): unknown {
  const name = said.replace(/^ControlNetUnionControlType\./, '').replaceAll('_', ' ');
  const at = UNION_KINDS.findIndex(
    ([word]) => word.replace(' ', '').toLowerCase() === name.replace(' ', '').toLowerCase(),
  );
  if (at >= 0) return at;
  return /^unknown$/i.test(name) ? null : numberOrText(name);
}

/** Canny's thresholds, where they are not what it usually has. */
function thresholdNotes(unit: Pairs): readonly SettingsNote[] {
  const [low = 100, high = 200] = ['threshold a', 'threshold b'].map((name) => {
    const said = unit.get(name);
    return said === undefined ? undefined : Number(said);
  });
  return low === 100 && high === 200 ? [] : [noCounterpart(`Canny ${low}, ${high}`)];
}

/** What our own texts say beside a unit. */
function ownOf(text: string | undefined): object {
  if (text === undefined) return {};
  const own = infotextPairs(text);
  return { parts: own.get('Parts'), pictureCount: numberOrText(own.get('Pictures')) };
}

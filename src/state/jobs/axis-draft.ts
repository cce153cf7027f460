import type { Axis, AxisKind, AxisValue } from '../../experiments/axes.ts';
import {
  type Parsed,
  parseNumbers,
  parseSizes,
  parseTerms,
  type ValuesFault,
} from '../../experiments/values.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import {
  type AxisName,
  type ChoiceName,
  type ModelName,
  SETTINGS,
  settingOf,
} from '../../protocol/settings.ts';

/** An axis as it stands in the form. */
export interface AxisDraft {
  /** Empty for no axis. */
  readonly kind: AxisKind | '';
  /** The values as typed. */
  readonly text: string;
  /** The ticked samplers or models. */
  readonly chosen: readonly string[];
}

/** An axis that changes nothing. */
export const NO_AXIS: AxisDraft = { kind: '', text: '', chosen: [] };

/** The kinds whose values are ticked; those of the others are typed. */
export type ChosenKind = AxisName & (ChoiceName | ModelName);
/** Whether the values of an axis are ticked in a list, not typed. */
export const isChosen = (kind: AxisKind | ''): kind is ChosenKind =>
  kind !== '' && kind !== 'size' && ['choice', 'model'].includes(settingOf(kind).kind);

/** The first draft of an axis of this kind. `base` is the form's current request. */
export function usualDraft(
  kind: AxisKind | '',
  base?: Pick<GenerationRequest, 'seed' | 'width' | 'height' | 'model'>,
): AxisDraft {
  if (kind === '') return NO_AXIS;
  if (kind === 'seed' && base) return { kind, text: nineSeeds(base.seed).slice(0, 4).join(', '), chosen: [] };
  if (kind === 'size' && base) {
    const [width, height] = [base.width, base.height];
    const sizes = [...new Set([`${width}x${height}`, `${height}x${width}`])];
    return { kind, text: sizes.join(', '), chosen: [] };
  }
  if (kind === 'model' && base) return { kind, text: '', chosen: [base.model] };
  const usual = kind === 'size' ? '' : SETTINGS[kind].axis;
  return isChosen(kind)
    ? { kind, text: '', chosen: usual === '' ? [] : usual.split(', ') }
    : { kind, text: usual, chosen: [] };
}

/** Why a draft is no axis. */
export type DraftFault = ValuesFault | { readonly kind: 'no-axis' | 'none-ticked' };

/** The values of a draft, or why it has none. */
export function readDraft({
  kind,
  text,
  chosen,
}: AxisDraft): Parsed<AxisValue> | { readonly values: null; readonly fault: DraftFault } {
  if (isChosen(kind))
    return chosen.length > 0
      ? { values: chosen, fault: null }
      : { values: null, fault: { kind: 'none-ticked' } };
  switch (kind) {
    case '':
      return { values: null, fault: { kind: 'no-axis' } };
    case 'prompt':
      return parseTerms(text);
    case 'size':
      return parseSizes(text, SETTINGS.width);
    default:
      return parseNumbers(text, SETTINGS[kind]);
  }
}

const nineSeeds = (seed: number) => Array.from({ length: 9 }, (_, i) => (seed + i) % (SETTINGS.seed.max + 1));

/** The axis of the button “Nine …”: the values that are compared most often. */
export function nineValues(kind: 'guidanceScale' | 'seed' | 'strength', seed: number): Axis {
  switch (kind) {
    case 'guidanceScale':
      return { kind, values: [0.25, 1, 2.5, 5, 7.5, 10, 12.5, 15, 20] };
    case 'seed':
      return { kind, values: nineSeeds(seed) };
    case 'strength':
      return { kind, values: [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] };
  }
}

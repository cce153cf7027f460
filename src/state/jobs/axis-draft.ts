import type { GenerationDefaults } from '../../catalog/models.ts';
import { type ModelKind, SCHEDULERS, type SchedulerId } from '../../catalog/schedulers.ts';
import {
  type Axis,
  type AxisKind,
  type AxisValue,
  isNumberAxis,
  limitsOf,
  settingOfAxis,
} from '../../experiments/axes.ts';
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

/** An axis as it stands in the form. What nobody has typed or ticked yet is null: the usual values of the model in use. */
export interface AxisDraft {
  /** Empty for no axis. */
  readonly kind: AxisKind | '';
  /** The values as typed. */
  readonly text: string | null;
  /** The ticked samplers or models. */
  readonly chosen: readonly string[] | null;
}

/** A draft with its usual values where it has none of its own. */
export interface FilledDraft extends AxisDraft {
  readonly text: string;
  readonly chosen: readonly string[];
}

/** An axis of a kind, untouched. */
export const freshDraft = (kind: AxisKind | ''): AxisDraft => ({ kind, text: null, chosen: null });
/** An axis that changes nothing. */
export const NO_AXIS: AxisDraft = freshDraft('');

/** The kinds whose values are ticked; those of the others are typed. */
export type ChosenKind = AxisName & (ChoiceName | ModelName);
/** Whether the values of an axis are ticked in a list, not typed. */
export function isChosen(kind: AxisKind | ''): kind is ChosenKind {
  const name = kind === '' ? null : settingOfAxis(kind);
  return name !== null && ['choice', 'model'].includes(settingOf(name).kind);
}

/** What the usual values depend on: the form's current request, and what is known of its model. */
export interface Usual {
  readonly base: Pick<GenerationRequest, 'seed' | 'width' | 'height' | 'model' | 'scheduler'>;
  readonly card: {
    readonly kind: ModelKind;
    readonly defaults: Pick<GenerationDefaults, 'guidanceScale' | 'numInferenceSteps'>;
  };
}

/** The draft, with the usual values where nothing was typed or ticked. */
export function fillDraft({ kind, text, chosen }: AxisDraft, usual: Usual): FilledDraft {
  return { kind, text: text ?? usualText(kind, usual), chosen: chosen ?? usualChoice(kind, usual) };
}

function usualText(kind: AxisKind | '', { base, card }: Usual): string {
  switch (kind) {
    case 'seed':
      return nineSeeds(base.seed).slice(0, 4).join(', ');
    case 'size': {
      const { width, height } = base;
      return [...new Set([`${width}x${height}`, `${height}x${width}`])].join(', ');
    }
    case 'guidanceScale':
      return guidanceRound(card.defaults.guidanceScale, 2).join(', ');
    case 'numInferenceSteps': {
      const { numInferenceSteps: steps } = card.defaults;
      return steps <= FEW_STEPS ? `1-${2 * steps}` : SETTINGS.numInferenceSteps.axis;
    }
    default:
      if (kind === '' || isChosen(kind)) return '';
      return isNumberAxis(kind) ? limitsOf(kind).axis : SETTINGS[kind].axis;
  }
}

/** The form's own model; its sampler, and others that suit the model. */
function usualChoice(kind: AxisKind | '', { base, card }: Usual): readonly string[] {
  if (kind === 'model') return [base.model];
  if (kind === 'schedule') return SETTINGS.schedule.axis.split(', ');
  if (kind !== 'scheduler') return [];
  const suited = (Object.keys(SCHEDULERS) as SchedulerId[]).filter((id) =>
    (SCHEDULERS[id].suits as readonly ModelKind[]).includes(card.kind),
  );
  const others = USUAL_SAMPLERS.filter((id) => suited.includes(id) && id !== base.scheduler);
  return [base.scheduler, ...others].slice(0, MOST_SAMPLERS);
}

/** Samplers that differ most from each other, for models of every kind. */
const USUAL_SAMPLERS: readonly SchedulerId[] = [
  ...(['dpmpp-2m-karras', 'euler', 'euler-ancestral', 'ddim', 'lcm', 'tcd'] as const),
];
const MOST_SAMPLERS = 4;
/** A model that usually takes no more steps was distilled for few. */
const FEW_STEPS = 8;

/** Scales round the model's usual one, up to twice that: `half` on either side. Of a model that is not guided, up to 3. */
function guidanceRound(usual: number, half: number): number[] {
  const [low, middle, high] = usual > 1 ? [1, usual, 2 * usual] : [1, 2, 3];
  const between = (from: number, to: number, i: number) =>
    Math.round((from + ((to - from) * i) / half) * 4) / 4;
  const values = Array.from({ length: 2 * half + 1 }, (_, i) =>
    i === half ? middle : i < half ? between(low, middle, i) : between(middle, high, i - half),
  );
  return [...new Set(values)];
}

/** Why a draft is no axis. */
export type DraftFault = ValuesFault | { readonly kind: 'no-axis' | 'none-ticked' };

/** The values of a draft, or why it has none. */
export function readDraft({
  kind,
  text,
  chosen,
}: FilledDraft): Parsed<AxisValue> | { readonly values: null; readonly fault: DraftFault } {
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
      return parseNumbers(text, limitsOf(kind));
  }
}

const nineSeeds = (seed: number) => Array.from({ length: 9 }, (_, i) => (seed + i) % (SETTINGS.seed.max + 1));

/** The axis of the button “Nine …”: the values that are compared most often. */
export function nineValues(
  kind: 'guidanceScale' | 'seed' | 'strength',
  seed: number,
  { guidanceScale }: Pick<GenerationDefaults, 'guidanceScale'>,
): Axis {
  switch (kind) {
    case 'guidanceScale':
      return { kind, values: guidanceRound(guidanceScale, 4) };
    case 'seed':
      return { kind, values: nineSeeds(seed) };
    case 'strength':
      return { kind, values: [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] };
  }
}

import { modelLabel } from '../../catalog/models.ts';
import { SCHEDULERS, type SchedulerId } from '../../catalog/schedulers.ts';
import type { ScheduleId } from '../../catalog/schedules.ts';
import {
  type Axes,
  type AxesFault,
  type AxisKind,
  type AxisValue,
  cellValues,
  isNumberAxis,
  limitsOf,
  settingOfAxis,
} from '../../experiments/axes.ts';
import { type ChosenKind, type DraftFault, isChosen } from '../../state/jobs/axis-draft.ts';
import type { ExperimentSetup } from '../../storage/stored-experiments.ts';
import type { Texts } from './en.ts';
import { textOf } from './text-of.ts';

/** The setting that an axis changes: “Guidance scale”. */
export function axisLabel({ experiments, fields }: Texts, kind: AxisKind): string {
  const name = settingOfAxis(kind);
  return name === null || name === 'prompt'
    ? experiments.axes[kind as keyof typeof experiments.axes]
    : fields.labels[name];
}

/** A value as a label: “7.5”, “DPM++ 2M Karras”, “512 × 768”. */
export function axisValueText(
  { experiments, fields, numbers }: Texts,
  kind: AxisKind,
  value: AxisValue,
): string {
  switch (kind) {
    case 'scheduler':
      return Object.hasOwn(SCHEDULERS, value) ? SCHEDULERS[value as SchedulerId].label : String(value);
    case 'schedule':
      return Object.hasOwn(fields.schedule, value) ? fields.schedule[value as ScheduleId] : String(value);
    case 'model':
      return modelLabel(String(value));
    case 'size':
      return String(value).replace('x', ' × ');
    case 'prompt':
      return value === '' ? experiments.nothing : String(value);
    default:
      return typeof value === 'number' ? numbers.plain(value) : value;
  }
}

/** A value with its setting: “Guidance scale 7.5”. Words of a prompt and models stand for themselves. */
export function valueLabel(texts: Texts, kind: AxisKind, value: AxisValue): string {
  const text = axisValueText(texts, kind, value);
  return isNumberAxis(kind) ? `${axisLabel(texts, kind)} ${text}` : text;
}

/** The label of a cell: “Guidance scale 7.5, Seed 3”. */
export function cellLabel(texts: Texts, axes: Axes, cell: number): string {
  const values = cellValues(axes, cell);
  return axes.map(({ kind }, i) => valueLabel(texts, kind, values[i] as AxisValue)).join(', ');
}

/** The title of an experiment: “Guidance scale × Seed”. */
export const axesTitle = (texts: Texts, axes: Axes) =>
  axes.map(({ kind }) => axisLabel(texts, kind)).join(' × ');

/** What all pictures of an experiment have in common: “Trinket · 128 × 128 · 20 steps · DDIM · seed 3”. */
export function commonText(texts: Texts, { base, axes }: Pick<ExperimentSetup, 'base' | 'axes'>): string {
  const { experiments, fields, numbers, queue } = texts;
  const { model, width, height, numInferenceSteps, guidanceScale, scheduler, seed, image, hires } = base;
  const { controls, picturePrompts } = base;
  const setting = (name: 'strength' | 'hiresScale', value: number) =>
    `${fields.labels[name]} ${numbers.plain(value)}`;
  const parts: readonly (readonly [AxisKind | null, string | false | null])[] = [
    ['model', modelLabel(model)],
    ['size', `${width} × ${height}`],
    ['numInferenceSteps', queue.steps(numInferenceSteps)],
    ['guidanceScale', experiments.guidance(numbers.plain(guidanceScale))],
    ['scheduler', SCHEDULERS[scheduler].label],
    ['strength', image && setting('strength', image.strength)],
    [null, hires && setting('hiresScale', hires.scale)],
    [null, controls.length > 0 && queue.layers(controls.length)],
    [null, picturePrompts.length > 0 && queue.picturePrompts(picturePrompts.length)],
    ['seed', queue.seed(seed)],
  ];
  const varied = axes.map(({ kind }) => kind);
  return parts
    .flatMap(([kind, text]) => (text && !(kind && varied.includes(kind)) ? [text] : []))
    .join(' · ');
}

const SHOWN_VALUES = 30;

/** How the values of an axis were understood. */
export function understoodText(texts: Texts, kind: AxisKind, values: readonly AxisValue[]): string {
  const { experiments } = texts;
  const shown = values.map((value) => axisValueText(texts, kind, value));
  if (kind === 'prompt' && values.length === 1) return experiments.unreplaced(String(shown[0]));
  // A comma would be part of a German number.
  const between = kind === 'prompt' ? ' / ' : isNumberAxis(kind) ? ' · ' : ', ';
  const list = shown.slice(0, SHOWN_VALUES).join(between);
  return experiments.understood(values.length, shown.length > SHOWN_VALUES ? `${list}${between}…` : list);
}

/** How the values of an axis are typed. */
function howToType(texts: Texts, kind: Exclude<AxisKind, ChosenKind>): string {
  const { howToType: how } = texts.experiments;
  if (kind === 'prompt' || kind === 'size') return how[kind];
  return how.number(axisLabel(texts, kind), limitsOf(kind));
}

/** Why an axis has no values; where nothing is typed yet, how to type them. */
export function draftFaultText(
  texts: Texts,
  { kind, text }: { readonly kind: AxisKind; readonly text: string },
  fault: DraftFault,
): string {
  if (text.trim() === '' && !isChosen(kind)) return howToType(texts, kind);
  return textOf(texts.experiments.draftFaults, fault, axisLabel(texts, kind));
}

/** Why these axes cannot be tried. */
export function axesFaultText(texts: Texts, fault: AxesFault): string {
  return textOf(texts.experiments.axesFaults, fault, (kind: AxisKind) => axisLabel(texts, kind));
}

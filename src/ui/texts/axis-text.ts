import { modelLabel } from '../../catalog/models.ts';
import { SCHEDULERS, type SchedulerId } from '../../catalog/schedulers.ts';
import {
  type Axes,
  type AxesFault,
  type AxisKind,
  type AxisValue,
  cellValues,
  isNumberAxis,
} from '../../experiments/axes.ts';
import { SETTINGS } from '../../protocol/settings.ts';
import { type ChosenKind, type DraftFault, isChosen } from '../../state/jobs/axis-draft.ts';
import type { Texts } from './en.ts';
import { word } from './word.ts';

/** The name of what an axis varies: “Guidance scale”. */
export function axisLabel({ experiments, fields }: Texts, kind: AxisKind): string {
  return kind === 'prompt' || kind === 'size' ? experiments.axes[kind] : fields.labels[kind];
}

/** A value as a label: “7.5”, “DPM++ 2M Karras”, “512 × 768”. */
export function valueText({ experiments }: Texts, kind: AxisKind, value: AxisValue): string {
  switch (kind) {
    case 'scheduler':
      return Object.hasOwn(SCHEDULERS, value) ? SCHEDULERS[value as SchedulerId].label : String(value);
    case 'model':
      return modelLabel(String(value));
    case 'size':
      return String(value).replace('x', ' × ');
    case 'prompt':
      return value === '' ? experiments.nothing : String(value);
    default:
      return String(value);
  }
}

/** A value with the name of its setting, “Guidance scale 7.5”; a value that is a text needs none. */
export function valueLabel(texts: Texts, kind: AxisKind, value: AxisValue): string {
  const text = valueText(texts, kind, value);
  return isNumberAxis(kind) ? `${axisLabel(texts, kind)} ${text}` : text;
}

/** The values of a cell: “Guidance scale 7.5, Seed 3”. */
export function cellLabel(texts: Texts, axes: Axes, cell: number): string {
  const values = cellValues(axes, cell);
  return axes.map(({ kind }, i) => valueLabel(texts, kind, values[i] as AxisValue)).join(', ');
}

/** The title of an experiment: “Guidance scale × Seed”. */
export const axesTitle = (texts: Texts, axes: Axes) =>
  axes.map(({ kind }) => axisLabel(texts, kind)).join(' × ');

const SHOWN_VALUES = 30;

/** How the values of an axis were read. */
export function understoodText(texts: Texts, kind: AxisKind, values: readonly AxisValue[]): string {
  const { experiments } = texts;
  const shown = values.map((value) => valueText(texts, kind, value));
  if (kind === 'prompt' && values.length === 1) return experiments.unreplaced(String(shown[0]));
  const list = shown.slice(0, SHOWN_VALUES).join(kind === 'prompt' ? ' / ' : ', ');
  return experiments.understood(values.length, shown.length > SHOWN_VALUES ? `${list}, …` : list);
}

/** How the values of an axis are typed. */
function howToType(texts: Texts, kind: Exclude<AxisKind, ChosenKind>): string {
  const { howToType: how } = texts.experiments;
  if (kind === 'prompt' || kind === 'size') return how[kind];
  return how.number(axisLabel(texts, kind), SETTINGS[kind]);
}

/** Why an axis has no values, or how they are typed if none have been typed yet. */
export function draftFaultText(
  texts: Texts,
  { kind, text }: { readonly kind: AxisKind; readonly text: string },
  fault: DraftFault,
): string {
  if (text.trim() === '' && !isChosen(kind)) return howToType(texts, kind);
  return word(texts.experiments.draftFaults, fault, axisLabel(texts, kind));
}

/** What is wrong with the axes of an experiment. */
export function axesFaultText(texts: Texts, fault: AxesFault): string {
  return word(texts.experiments.axesFaults, fault, (kind: AxisKind) => axisLabel(texts, kind));
}

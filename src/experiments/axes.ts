import { usedSchedule } from '../catalog/schedules.ts';
import { type GenerationRequest, OWN_COMPONENTS } from '../protocol/generation.ts';
import { AXIS_NAMES, type AxisName, type NumberName, SETTINGS, settingOf } from '../protocol/settings.ts';

/** Axes over how strong all control layers are, or all picture prompts: each of them has a strength of its own, which is no setting. */
const SCALE_AXES = ['controlScale', 'picturePromptScale'] as const;
type ScaleAxis = (typeof SCALE_AXES)[number];
/** What such an axis holds at first, and may hold. */
const SCALES = { axis: '0, 0.5, 1', min: 0, max: 2, whole: false } as const;

/** What an axis can vary: a setting, width and height together as `size`, or how strong something steers. */
export type AxisKind = AxisName | 'size' | ScaleAxis;
/** In the order offered. */
export const AXIS_KINDS: readonly AxisKind[] = [...AXIS_NAMES, 'size', ...SCALE_AXES];

const isScale = (kind: AxisKind): kind is ScaleAxis => (SCALE_AXES as readonly AxisKind[]).includes(kind);
/** The setting that an axis varies; null where that is no setting by itself. */
export const settingOfAxis = (kind: AxisKind): AxisName | null =>
  kind === 'size' || isScale(kind) ? null : kind;

/** Whether the values of an axis are numbers; those of the others are texts. */
export function isNumberAxis(kind: AxisKind): kind is (AxisKind & NumberName) | ScaleAxis {
  const name = settingOfAxis(kind);
  return isScale(kind) || (name !== null && settingOf(name).kind === 'number');
}

/** The numbers that an axis may hold, and what it holds at first. */
export const limitsOf = (kind: (AxisKind & NumberName) | ScaleAxis) =>
  isScale(kind) ? SCALES : SETTINGS[kind];

/** Whether an axis varies what becomes of the picture to start from, and so needs one. */
export function needsPicture(kind: AxisKind): boolean {
  const name = settingOfAxis(kind);
  return name !== null && settingOf(name).within === 'image';
}

/** A number, the id of a sampler or model, a size such as `512x768`, or words. */
export type AxisValue = number | string;

/** A setting and the values it takes. For `prompt`, the first value is the words that the others replace. */
export interface Axis {
  readonly kind: AxisKind;
  readonly values: readonly AxisValue[];
}

/** The first axis runs over the columns, the second over the rows. */
export type Axes = readonly [Axis] | readonly [columns: Axis, rows: Axis];

/** An experiment has no more pictures than this. */
export const MAX_CELLS = 400;

/** How many pictures the axes make together. */
export const countCells = (axes: readonly Axis[]) =>
  axes.reduce((count, { values }) => count * values.length, 1);

/** What is wrong with the axes of an experiment. */
export type AxesFault =
  | { readonly kind: 'same-twice'; readonly axis: AxisKind }
  | { readonly kind: 'nothing-to-replace'; readonly term: string }
  | { readonly kind: 'no-picture' | 'no-layers' | 'no-picture-prompts' }
  | { readonly kind: 'too-many-pictures'; readonly count: number; readonly most: number };

/** What is wrong with these axes for this request, or null. */
export function axesFault(base: GenerationRequest, axes: readonly Axis[]): AxesFault | null {
  const [columns, rows] = axes;
  if (columns && columns.kind === rows?.kind && columns.kind !== 'prompt')
    return { kind: 'same-twice', axis: columns.kind };
  for (const { kind, values } of axes) {
    const term = String(values[0]);
    if (kind === 'prompt' && !base.prompt.includes(term) && !base.negativePrompt.includes(term))
      return { kind: 'nothing-to-replace', term };
    if (needsPicture(kind) && base.image === null) return { kind: 'no-picture' };
    if (kind === 'controlScale' && base.controls.length === 0) return { kind: 'no-layers' };
    if (kind === 'picturePromptScale' && base.picturePrompts.length === 0)
      return { kind: 'no-picture-prompts' };
  }
  const count = countCells(axes);
  return count > MAX_CELLS ? { kind: 'too-many-pictures', count, most: MAX_CELLS } : null;
}

/** The column and row of a cell; cells are numbered row by row, all from 0. */
function cellPlace([columns]: Axes, cell: number): readonly [column: number, row: number] {
  return [cell % columns.values.length, Math.floor(cell / columns.values.length)];
}

/** The values of a cell, one per axis. */
export function cellValues(axes: Axes, cell: number): AxisValue[] {
  const place = cellPlace(axes, cell);
  return axes.map(({ values }, i) => values[place[i] as number] as AxisValue);
}

/** The request for one cell: `base` with the cell's values, and a single picture; a schedule that its sampler does not follow is none. */
export function cellRequest(base: GenerationRequest, axes: Axes, cell: number): GenerationRequest {
  const values = cellValues(axes, cell);
  const start: GenerationRequest = { ...base, numImages: 1, filmstrip: false };
  const request = axes.reduce((made, axis, i) => withValue(made, axis, values[i] as AxisValue), start);
  return { ...request, schedule: usedSchedule(request.scheduler, request.schedule) };
}

/** The requests for all cells, by their number. */
export const cellRequests = (base: GenerationRequest, axes: Axes) =>
  Array.from({ length: countCells(axes) }, (_, cell) => cellRequest(base, axes, cell));

function withValue(request: GenerationRequest, { kind, values }: Axis, value: AxisValue): GenerationRequest {
  switch (kind) {
    case 'size': {
      const [width, height] = String(value).split('x').map(Number) as [number, number];
      return { ...request, width, height };
    }
    case 'prompt': {
      const replace = (text: string) => text.replaceAll(String(values[0]), () => String(value));
      const { prompt, negativePrompt } = request;
      return { ...request, prompt: replace(prompt), negativePrompt: replace(negativePrompt) };
    }
    case 'model':
      return value === request.model ? request : { ...request, ...OWN_COMPONENTS, model: String(value) };
    case 'controlScale':
      return { ...request, controls: request.controls.map((layer) => ({ ...layer, scale: Number(value) })) };
    case 'picturePromptScale': {
      const { picturePrompts } = request;
      return { ...request, picturePrompts: picturePrompts.map((one) => ({ ...one, scale: Number(value) })) };
    }
    default: {
      const change = { [kind]: value };
      if (!needsPicture(kind)) return { ...request, ...change };
      return { ...request, image: request.image && { ...request.image, ...change } };
    }
  }
}

import { modelLabel } from '../catalog/models.ts';
import { SCHEDULERS, type SchedulerId } from '../catalog/schedulers.ts';
import type { GenerationRequest } from '../protocol/calls.ts';

/** What an axis can change, by the names a person reads. */
export const AXES = {
  guidance: 'Guidance scale',
  steps: 'Steps',
  sampler: 'Sampler',
  seed: 'Seed',
  prompt: 'Words of the prompt',
  strength: 'Strength',
  clipSkip: 'Clip skip',
  eta: 'Eta',
  rescale: 'Guidance rescale',
  size: 'Size',
  model: 'Model',
} as const;

export type AxisKind = keyof typeof AXES;

/** A number, or the id of a sampler or model, a size as `512x768`, or words. */
export type AxisValue = number | string;

/** One setting and the values it takes. Of `prompt` the first value is searched for, and put back in the first cell. */
export interface Axis {
  readonly kind: AxisKind;
  readonly values: readonly AxisValue[];
}

/** One axis goes over the columns; a second one over the rows. */
export type Axes = readonly [Axis] | readonly [columns: Axis, rows: Axis];

/** A sweep of more pictures than this is not begun. */
export const MAX_CELLS = 400;

/** How many pictures the axes make. */
export const countCells = (axes: readonly Axis[]) =>
  axes.reduce((count, { values }) => count * values.length, 1);

/** Why an experiment cannot be made with these axes, or null. */
export function axesFault(base: GenerationRequest, axes: readonly Axis[]): string | null {
  const [columns, rows] = axes;
  if (columns && columns.kind === rows?.kind && columns.kind !== 'prompt')
    return `Columns and rows both change ${AXES[columns.kind]}.`;
  for (const { kind, values } of axes) {
    const term = String(values[0]);
    if (kind === 'prompt' && !base.prompt.includes(term) && !base.negativePrompt.includes(term))
      return `Neither prompt holds “${term}”, so there is nothing to replace.`;
    if (kind === 'strength' && base.image === null) return 'Strength needs a picture to begin with.';
  }
  const count = countCells(axes);
  return count > MAX_CELLS ? `${count} pictures are more than the ${MAX_CELLS} of one experiment.` : null;
}

/** The column and the row of a cell; cells are counted row by row. */
export function cellPlace([columns]: Axes, cell: number): readonly [column: number, row: number] {
  return [cell % columns.values.length, Math.floor(cell / columns.values.length)];
}

/** The values of a cell, one for each axis. */
export function cellValues(axes: Axes, cell: number): AxisValue[] {
  const place = cellPlace(axes, cell);
  return axes.map(({ values }, i) => values[place[i] as number] as AxisValue);
}

/** The request of one cell: the base with the cell's values, one picture. */
export function cellRequest(base: GenerationRequest, axes: Axes, cell: number): GenerationRequest {
  const values = cellValues(axes, cell);
  const start: GenerationRequest = { ...base, numImages: 1, filmstrip: false };
  return axes.reduce((request, axis, i) => withValue(request, axis, values[i] as AxisValue), start);
}

/** The requests of all cells. */
export const cellRequests = (base: GenerationRequest, axes: Axes) =>
  Array.from({ length: countCells(axes) }, (_, cell) => cellRequest(base, axes, cell));

function withValue(request: GenerationRequest, { kind, values }: Axis, value: AxisValue): GenerationRequest {
  switch (kind) {
    case 'guidance':
      return { ...request, guidanceScale: Number(value) };
    case 'steps':
      return { ...request, numInferenceSteps: Number(value) };
    case 'sampler':
      return { ...request, scheduler: value as SchedulerId };
    case 'seed':
      return { ...request, seed: Number(value) };
    case 'strength':
      return { ...request, image: request.image && { ...request.image, strength: Number(value) } };
    case 'clipSkip':
      return { ...request, clipSkip: Number(value) };
    case 'eta':
      return { ...request, eta: Number(value) };
    case 'rescale':
      return { ...request, guidanceRescale: Number(value) };
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
      return value === request.model ? request : { ...request, ...ALL_ITS_OWN, model: String(value) };
  }
}

/** Components and copies that were chosen for one model are not another's. */
const ALL_ITS_OWN = { textEncoder: null, unet: null, vae: null, previewVae: null, bits: null } as const;

/** A value as a label: “7.5”, “DPM++ 2M Karras”, “512 × 768”. */
export function valueText(kind: AxisKind, value: AxisValue): string {
  switch (kind) {
    case 'sampler':
      return Object.hasOwn(SCHEDULERS, value) ? SCHEDULERS[value as SchedulerId].label : String(value);
    case 'model':
      return modelLabel(String(value));
    case 'size':
      return String(value).replace('x', ' × ');
    case 'prompt':
      return value === '' ? '(nothing)' : String(value);
    default:
      return String(value);
  }
}

/** A value with what it is of: “Guidance scale 7.5”; words stand for themselves. */
export function valueLabel(kind: AxisKind, value: AxisValue): string {
  const text = valueText(kind, value);
  return ['prompt', 'sampler', 'model', 'size'].includes(kind) ? text : `${AXES[kind]} ${text}`;
}

/** A cell in words: “Guidance scale 7.5, Seed 3”. */
export function cellLabel(axes: Axes, cell: number): string {
  const values = cellValues(axes, cell);
  return axes.map(({ kind }, i) => valueLabel(kind, values[i] as AxisValue)).join(', ');
}

/** What an experiment is about: “Guidance scale × Seed”. */
export const axesTitle = (axes: Axes) => axes.map(({ kind }) => AXES[kind]).join(' × ');

import type { SchedulerId } from '../catalog/schedulers.ts';
import type { GenerationRequest } from '../protocol/generation.ts';

/** What an axis can change, in the order they are offered. */
export const AXIS_KINDS = [
  'guidance',
  'steps',
  'sampler',
  'seed',
  'prompt',
  'strength',
  'clipSkip',
  'eta',
  'rescale',
  'size',
  'model',
] as const;

export type AxisKind = (typeof AXIS_KINDS)[number];

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

/** Why an experiment cannot be made with its axes. */
export type AxesFault =
  | { readonly kind: 'same-twice'; readonly axis: AxisKind }
  | { readonly kind: 'nothing-to-replace'; readonly term: string }
  | { readonly kind: 'no-picture' }
  | { readonly kind: 'too-many-pictures'; readonly count: number; readonly most: number };

/** Why an experiment cannot be made with these axes, or null. */
export function axesFault(base: GenerationRequest, axes: readonly Axis[]): AxesFault | null {
  const [columns, rows] = axes;
  if (columns && columns.kind === rows?.kind && columns.kind !== 'prompt')
    return { kind: 'same-twice', axis: columns.kind };
  for (const { kind, values } of axes) {
    const term = String(values[0]);
    if (kind === 'prompt' && !base.prompt.includes(term) && !base.negativePrompt.includes(term))
      return { kind: 'nothing-to-replace', term };
    if (kind === 'strength' && base.image === null) return { kind: 'no-picture' };
  }
  const count = countCells(axes);
  return count > MAX_CELLS ? { kind: 'too-many-pictures', count, most: MAX_CELLS } : null;
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

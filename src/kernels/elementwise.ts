import { type Activation, activationWgsl } from './activations.ts';
import {
  enables,
  forEachItem,
  input,
  type Kernel,
  output,
  STORAGE_BYTES,
  type Storage,
  uniforms,
  vectorOf,
  type Width,
  workgroupsFor,
} from './kernel.ts';
import { trigonometryWgsl } from './trigonometry.ts';

/** What is made of one number, or of two. */
export type ElementwiseOp =
  | 'copy'
  | 'tanh'
  | 'sin'
  | 'cos'
  | 'floor'
  | 'sqrt'
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | Activation;

/** Where numbers are in a buffer: for each axis, how far the next one is; and where the first is. In numbers, not bytes. */
export interface Place {
  readonly storage: Storage;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** Strides of a tensor of this shape whose axes lie in the given order. */
export function stridesInOrder(shape: readonly number[], order: readonly number[]): number[] {
  const strides = shape.map(() => 0);
  let stride = 1;
  for (const axis of [...order].reverse()) {
    strides[axis] = stride;
    stride *= shape[axis] as number;
  }
  return strides;
}

/** A function of each number of a tensor, or of each pair of two. */
export interface Elementwise {
  readonly op: ElementwiseOp;
  /** Of the result, up to six axes in the order in which it lies in memory. */
  readonly sizes: readonly number[];
  /** One, or two; a stride of 0 repeats a number along an axis. */
  readonly inputs: readonly Place[];
  readonly out: Place;
}

const INFIX = { add: '+', sub: '-', mul: '*', div: '/' } as const;
const ACTIVATION = new Set<string>(['silu', 'gelu', 'quickGelu', 'relu']);

function expression(op: ElementwiseOp, width: Width): string {
  if (op === 'copy') return 'a';
  if (op in INFIX) return `a ${INFIX[op as keyof typeof INFIX]} b`;
  if (op === 'sin') return `sine${width}(a)`;
  if (op === 'cos') return `cosine${width}(a)`;
  return ACTIVATION.has(op) ? `${op}${width}(a)` : `${op}(a)`;
}

/**
 * `op` over tensors of any strides: also how a tensor is copied into another order, type, or part of a larger tensor.
 * Bindings: the inputs, then the result.
 * @throws RangeError where a result in pairs (packed16) has an odd last axis
 */
export function elementwise({ op, sizes, inputs, out }: Elementwise): Kernel {
  const places = [...inputs, out];
  const axes = merge(sizes, places);
  const width = widthAlong(axes, places);
  if (out.storage === 'packed16' && width === 1)
    throw new RangeError('A tensor in pairs needs an even last axis.');
  const count = axes.sizes.reduce((product, size) => product * size, 1) / width;
  const rank = axes.sizes.length;
  const { wgsl, data } = uniforms({
    count,
    ...Object.fromEntries(
      axes.sizes.map((size, axis) => [`size${axis}`, axis === rank - 1 ? size / width : size]),
    ),
    ...Object.fromEntries(
      places.flatMap(({ offset }, k) => [
        [`offset${k}`, offset],
        ...(axes.strides[k] as number[]).map((stride, axis) => [`stride${k}_${axis}`, stride] as const),
      ]),
    ),
  });
  const indices = Array.from({ length: rank }, (_, axis) => rank - 1 - axis).map((axis) =>
    axis === 0 ? '  let i0 = rest;' : `  let i${axis} = rest % u.size${axis}; rest = rest / u.size${axis};`,
  );
  const address = (k: number) =>
    [
      `u.offset${k}`,
      ...axes.sizes.map(
        (_, axis) => `i${axis} * u.stride${k}_${axis}${axis === rank - 1 && width > 1 ? ` * ${width}u` : ''}`,
      ),
    ].join(' + ');
  const code = [
    enables(...places.map(({ storage }) => storage)),
    wgsl,
    ...inputs.map(({ storage }, k) => input(`x${k}`, 1 + k, storage, readWidth(axes, places, k, width))),
    output('result', 1 + inputs.length, out.storage, width),
    ACTIVATION.has(op) ? activationWgsl(op as Activation, width) : '',
    op === 'sin' || op === 'cos' ? trigonometryWgsl(width) : '',
    forEachItem(
      64,
      [
        '  if (i >= u.count) { return; }\n  var rest = i;',
        ...indices,
        ...inputs.map((_, k) => `  let ${'ab'[k]} = ${readOf(axes, places, k, width, address(k))};`),
        `  write_result((${address(inputs.length)}) / ${width}u, ${expression(op, width)});`,
      ].join('\n'),
    ),
  ].join('\n');
  const bytes = places.reduce((sum, { storage }) => sum + count * width * STORAGE_BYTES[storage], 0);
  return {
    name: op,
    code,
    uniforms: data,
    workgroups: workgroupsFor(count, 64),
    flops: count * width,
    bytes,
  };
}

interface Axes {
  readonly sizes: readonly number[];
  /** For each place. */
  readonly strides: readonly (readonly number[])[];
}

/** The axes without those of length 1; neighbours that lie one after the other everywhere become one. */
function merge(sizes: readonly number[], places: readonly Place[]): Axes {
  const merged: { size: number; strides: number[] }[] = [];
  for (const [axis, size] of sizes.entries()) {
    if (size === 1) continue;
    const strides = places.map((place) => place.strides[axis] as number);
    const before = merged.at(-1);
    const joins = before?.strides.every((stride, k) => stride === (strides[k] as number) * size);
    if (before && joins) Object.assign(before, { size: before.size * size, strides });
    else merged.push({ size, strides });
  }
  if (merged.length === 0) merged.push({ size: 1, strides: places.map(() => 0) });
  return {
    sizes: merged.map(({ size }) => size),
    strides: places.map((_, k) => merged.map(({ strides }) => strides[k] as number)),
  };
}

/** How many numbers along the last axis are written at once. */
function widthAlong({ sizes, strides }: Axes, places: readonly Place[]): Width {
  const out = places.length - 1;
  const last = sizes.length - 1;
  if (strides[out]?.[last] !== 1) return 1;
  const fits = (width: Width) =>
    (sizes[last] as number) % width === 0 &&
    (places[out] as Place).offset % width === 0 &&
    (strides[out] as number[]).every((stride, axis) => axis === last || stride % width === 0);
  return ([4, 2] as const).find(fits) ?? 1;
}

/** How many numbers of an input are read at once: as many as are written, or one after another. */
function readWidth({ sizes, strides }: Axes, places: readonly Place[], k: number, width: Width): Width {
  const last = sizes.length - 1;
  const along = (strides[k] as number[]).every((stride, axis) =>
    axis === last ? stride === 1 : stride % width === 0,
  );
  return along && (places[k] as Place).offset % width === 0 ? width : 1;
}

function readOf(axes: Axes, places: readonly Place[], k: number, width: Width, address: string): string {
  if (readWidth(axes, places, k, width) === width) return `read_x${k}((${address}) / ${width}u)`;
  const last = axes.sizes.length - 1;
  if (axes.strides[k]?.[last] === 0) return `${vectorOf(width)}(read_x${k}(${address}))`;
  const numbers = Array.from(
    { length: width },
    (_, j) => `read_x${k}(${address} + ${j}u * u.stride${k}_${last})`,
  );
  return `${vectorOf(width)}(${numbers.join(', ')})`;
}

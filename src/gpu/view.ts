import type { Place } from '../kernels/elementwise.ts';
import type { Storage } from '../kernels/kernel.ts';
import { elementCount } from '../numerics/tensor.ts';
import type { Operand } from './program.ts';

/** A tensor of a graph as it lies in memory: along each axis, how far the next number is; where the first one is. */
export interface View extends Place {
  readonly operand: Operand;
  readonly shape: readonly number[];
}

/** Strides of a row-major tensor. */
export function rowMajor(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--)
    strides[axis] = (strides[axis + 1] as number) * (shape[axis + 1] as number);
  return strides;
}

/** Strides of [B, C, H, W] whose channels lie beside each other. */
export function channelsLast([, channels, height, width]: readonly number[]): number[] {
  const [c, h, w] = [channels, height, width] as [number, number, number];
  return [h * w * c, 1, w * c, c];
}

/** Whether two tensors of this shape lie alike; along axes of length 1 any stride will do. */
export const sameStrides = (shape: readonly number[], a: readonly number[], b: readonly number[]): boolean =>
  shape.every((size, axis) => size === 1 || a[axis] === b[axis]);

/** Whether a view is all of its tensor, or an unbroken part of it from its beginning, in this order. */
export const isLaid = (view: View, strides: readonly number[]): boolean =>
  view.offset === 0 && sameStrides(view.shape, view.strides, strides);

/** Whether every number of a view has a place of its own, without gaps. */
export function isDense({ shape, strides, offset }: View): boolean {
  if (offset !== 0) return false;
  const axes = shape.flatMap((size, axis) => (size === 1 ? [] : [{ size, stride: strides[axis] as number }]));
  axes.sort((a, b) => a.stride - b.stride);
  return axes.every(
    ({ stride }, i) => stride === axes.slice(0, i).reduce((product, { size }) => product * size, 1),
  );
}

/** Axis i of the result is axis `perm[i]`. */
export function permuted(view: View, perm: readonly number[]): View {
  return {
    ...view,
    shape: perm.map((axis) => view.shape[axis] as number),
    strides: perm.map((axis) => view.strides[axis] as number),
  };
}

/** The same numbers in the same order in another shape; undefined where they would have to be moved. */
export function reshaped(view: View, shape: readonly number[]): View | undefined {
  const strides: number[] = [];
  const from = view.shape.map((size, axis) => ({ size, stride: view.strides[axis] as number }));
  const axes = from.filter(({ size }) => size !== 1);
  let next = 0;
  for (let axis = 0; axis < shape.length; ) {
    if (shape[axis] === 1) {
      strides.push(0);
      axis++;
      continue;
    }
    // The fewest axes of both shapes that hold equally many numbers.
    let [first, last] = [next, next + 1];
    let old = axes[first]?.size ?? 1;
    let until = axis + 1;
    let wanted = shape[axis] as number;
    while (old !== wanted) {
      if (old < wanted) old *= axes[last++]?.size ?? Number.NaN;
      else wanted *= shape[until++] ?? Number.NaN;
      if (Number.isNaN(old) || Number.isNaN(wanted)) return undefined;
    }
    for (; first < last - 1; first++) {
      const [a, b] = [axes[first], axes[first + 1]] as [{ stride: number }, { size: number; stride: number }];
      if (a.stride !== b.stride * b.size) return undefined;
    }
    const inner = axes[last - 1]?.stride ?? 0;
    for (let k = axis; k < until; k++) strides.push(inner * elementCount(shape.slice(k + 1, until)));
    axis = until;
    next = last;
  }
  return { ...view, shape, strides };
}

/** `length` numbers along an axis from `start` on. */
export function sliced(view: View, axis: number, start: number, length: number): View {
  const stride = view.strides[axis] as number;
  return { ...view, shape: view.shape.with(axis, length), offset: view.offset + start * stride };
}

/** A view as if it had this shape, by repeating it along axes where it has length 1, or none (numpy's rule). */
export function broadcast(view: View, shape: readonly number[]): Place {
  const missing = shape.length - view.shape.length;
  const strides = shape.map((size, axis) => {
    const own = view.shape[axis - missing] ?? 1;
    return own === size && own !== 1 ? (view.strides[axis - missing] as number) : 0;
  });
  return { storage: view.storage, strides, offset: view.offset };
}

/** Axes from the one whose numbers lie furthest apart to the one whose numbers are neighbours. */
export const memoryOrder = (shape: readonly number[], strides: readonly number[]): number[] =>
  shape.map((_, axis) => axis).sort((a, b) => (strides[b] as number) - (strides[a] as number) || a - b);

/** How a tensor of float16 or float32 is kept, where a row in memory has so many numbers. */
export function storageOf(dtype: string, rowLength: number, hasF16: boolean): Storage {
  if (dtype === 'int32') return 'int32';
  if (dtype !== 'float16') return 'float32';
  if (hasF16) return 'float16';
  return rowLength % 2 === 0 ? 'packed16' : 'float32';
}

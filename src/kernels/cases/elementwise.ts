import { ACTIVATIONS } from '../activations.ts';
import { type ElementwiseOp, elementwise, type Place, stridesInOrder } from '../elementwise.ts';
import type { Storage } from '../kernel.ts';
import { type Draw, type KernelCase, stored, toleranceOf } from './case.ts';

const OPS: Readonly<Record<ElementwiseOp, (a: number, b: number) => number>> = {
  ...ACTIVATIONS,
  ...{ copy: (a) => a, tanh: Math.tanh, sin: Math.sin, cos: Math.cos, floor: Math.floor },
  sqrt: (a) => Math.sqrt(a),
  ...{ add: (a, b) => a + b, sub: (a, b) => a - b, mul: (a, b) => a * b, div: (a, b) => a / b },
};
const PAIRS: ReadonlySet<string> = new Set(['add', 'sub', 'mul', 'div']);

/** An operation on tensors in any order of axes, repeated along some, written in one place of a larger tensor. */
export function elementwiseCase(draw: Draw, storage: Storage): KernelCase {
  const op = draw.of(Object.keys(OPS) as ElementwiseOp[]);
  const rank = draw.whole(1, 4);
  const sizes = Array.from({ length: rank }, () => draw.whole(1, 6));
  if (storage === 'packed16') sizes[rank - 1] = 2 * (sizes[rank - 1] as number);
  const count = sizes.reduce((product, size) => product * size, 1);
  const operands = Array.from({ length: PAIRS.has(op) ? 2 : 1 }, () => operandOf(draw, storage, sizes, op));
  const offset = 4 * draw.whole(0, 2);
  const out: Place = {
    storage,
    offset,
    strides: stridesInOrder(
      sizes,
      sizes.map((_, axis) => axis),
    ),
  };
  const kernel = elementwise({ op, sizes, inputs: operands.map(({ place }) => place), out });
  const expected = Float32Array.from({ length: offset + count }, (_, i) => {
    if (i < offset) return 0;
    const [a = 0, b = 0] = operands.map(
      ({ place, held }) => held.numbers[addressOf(place, sizes, i - offset)] as number,
    );
    return OPS[op](a, b);
  });
  return {
    title: `${op} [${sizes}]`,
    buffers: [
      ...operands.map(({ held }) => held.bytes),
      stored(storage, new Float32Array(2 * Math.ceil(expected.length / 2))).bytes,
    ],
    steps: [{ kernel, bindings: [...operands.keys(), operands.length] }],
    ...{ result: operands.length, storage, tolerance: toleranceOf(storage), expected },
  };
}

function operandOf(draw: Draw, storage: Storage, sizes: readonly number[], op: ElementwiseOp) {
  const order = sizes.map((_, axis) => axis).sort(() => draw.random() - 0.5);
  const repeated = sizes.map((size) => (draw.random() < 0.2 ? 1 : size));
  const offset = draw.of([0, 0, 1, 4]);
  const own = stridesInOrder(repeated, order).map((stride, axis) =>
    repeated[axis] === sizes[axis] ? stride : 0,
  );
  const length = offset + repeated.reduce((product, size) => product * size, 1);
  const numbers = draw.numbers(2 * Math.ceil(length / 2), 0, 2);
  // Roots of what is not negative, and no division by nearly nothing.
  const isPositive = op === 'sqrt' || op === 'div';
  const held = stored(storage, isPositive ? numbers.map((x) => Math.abs(x) + 0.5) : numbers);
  return { held, place: { storage, strides: own, offset } };
}

function addressOf({ strides: own, offset }: Place, sizes: readonly number[], i: number): number {
  let rest = i;
  let address = offset;
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    address += (rest % (sizes[axis] as number)) * (own[axis] as number);
    rest = Math.floor(rest / (sizes[axis] as number));
  }
  return address;
}

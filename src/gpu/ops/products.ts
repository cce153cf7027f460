import type { GraphNode, Initializer, Value } from '../../graph/graph.ts';
import { chunksOf, gemm, scratchBytes } from '../../kernels/gemm.ts';
import { type ConvGeometry, type Gemm, outColumns } from '../../kernels/product.ts';
import type { WeightStorage } from '../../kernels/weight-storage.ts';
import { elementCount } from '../../numerics/tensor.ts';
import { type Emitter, type Held, NoKernelError } from '../emitter.ts';
import type { Operand } from '../program.ts';
import { type Tail, TailReader } from '../tail.ts';
import { channelsLast, permuted, reshaped, rowMajor, storageOf, type View } from '../view.ts';

const PLACEHOLDER: Operand = { tensor: -1 };

/** The weight of a product: what it reads and how that lies. */
interface Factor {
  readonly storage: WeightStorage;
  readonly operands: readonly Operand[];
}

interface Product {
  readonly held: Held;
  readonly rows: number;
  readonly columns: number;
  readonly conv?: ConvGeometry;
  readonly factor: Factor;
  readonly bias?: View | undefined;
  readonly alpha?: number | undefined;
  readonly gated?: boolean;
  readonly tail: Tail;
}

/** Adds a product's step, or two; gives the view of what the tail ends in. */
function emitProduct(
  emitter: Emitter,
  { held, rows, columns, conv, factor, bias, alpha, gated, tail }: Product,
): View {
  const { norm, views } = held;
  const { addend, residual, activation, dtype } = tail;
  const wanted = gated ? columns / 2 : columns;
  const storage = storageOf(dtype, wanted, emitter.target.hasF16);
  const batch = norm?.batch ?? (conv ? rows / (conv.outSize[0] * conv.outSize[1]) : 1);
  const product: Gemm = {
    ...{ rows, columns, conv, gated, alpha, activation, rowsPerBatch: rows / batch },
    inputs: views.map((view) => ({ channels: view.shape[1] as number, storage: view.storage })),
    normalize: norm && { silu: norm.silu },
    weight: factor.storage,
    bias: bias?.storage,
    addend: addend && {
      storage: addend.storage,
      pitch: addend.shape[0] === 1 ? 0 : (addend.strides[0] as number),
      offset: addend.offset,
    },
    residual: residual?.storage,
    out: storage,
  };
  const channels = product.inputs.reduce((sum, input) => sum + input.channels, 0);
  const chosen = emitter.target.tileFor(rows, columns, channels * (conv ? conv.kernel ** 2 : 1));
  const splits = Math.max(1, Math.min(chosen.splits, chunksOf(product, chosen.tile)));
  const out = emitter.tensor(storage, rows * outColumns(product));
  const before = [
    ...views.map(({ operand }) => operand),
    ...(norm ? [norm.operand] : []),
    ...factor.operands,
  ];
  const after = [bias, addend, residual].flatMap((view) => (view ? [view.operand] : []));
  const [main, sum] = gemm(product, chosen.tile, splits);
  if (!main) throw new RangeError('A product without a kernel.');
  if (sum) {
    const scratch = emitter.tensor('float32', scratchBytes(product, splits) / 4);
    emitter.step(main, before, scratch);
    emitter.step(sum, [scratch, ...after], out);
  } else emitter.step(main, [...before, ...after], out);
  return { ...tail.view, operand: out, storage };
}

/** The first input as rows [N, K]: plain, or before it is normalised. */
function heldRows(emitter: Emitter, value: Value): Held {
  const held = emitter.held(value);
  if (held.views.length > 1 || held.stretched) throw new NoKernelError(`${value.name} is no matrix.`);
  const [view] = held.views;
  if (!held.norm) return { views: [emitter.asRows(view)] };
  return held;
}

const biasOf = (emitter: Emitter, value: Value | null | undefined): View | undefined =>
  value ? emitter.asRows(emitter.plain(value)) : undefined;

function factorOf(emitter: Emitter, parts: readonly Initializer[], taps = 1): Factor {
  const { operand, storage } = emitter.weight(parts, taps);
  if (storage === 'int32' || storage === 'uint8') throw new NoKernelError(`A weight of ${storage}.`);
  return { storage: { kind: storage }, operands: [operand] };
}

/** Conv: x [B, C, H, W], weight [O, C, k, k], bias [O]. */
export function conv(emitter: Emitter, node: GraphNode): void {
  const [x, weight, bias] = node.inputs as [Value, Value, Value | undefined];
  const [result] = node.outputs as [Value];
  const { strides, pads, group, dilations, kernel_shape } = node.attributes as Record<
    string,
    readonly number[]
  >;
  const initializer = emitter.initializer(weight);
  const [kernel, other] = kernel_shape as readonly number[];
  const isPlain =
    (group as unknown as number) === 1 && dilations?.every((step) => step === 1) && kernel === other;
  if (!initializer || !isPlain)
    throw new NoKernelError('A convolution in groups, dilated, or with weights that are computed.');
  const held = emitter.held(x);
  const views = held.views.map((view) => emitter.asChannelsLast(view)) as unknown as Held['views'];
  const [, , height, width] = views[0].shape as [number, number, number, number];
  const [batch, columns, outHeight, outWidth] = result.shape as [number, number, number, number];
  const isPointwise = kernel === 1 && strides?.[0] === 1 && !held.stretched;
  const geometry: ConvGeometry = {
    ...{ kernel: kernel as number, stride: strides?.[0] as number },
    pads: [pads?.[0] as number, pads?.[1] as number],
    size: [height, width],
    stretched: held.stretched ?? [height, width],
    outSize: [outHeight, outWidth],
  };
  const rows = batch * outHeight * outWidth;
  const placeholder = { operand: PLACEHOLDER, storage: 'float32', offset: 0 } as const;
  const view: View = { ...placeholder, shape: result.shape, strides: channelsLast(result.shape) };
  const tail = new TailReader(emitter, result, view).read();
  const factor = factorOf(emitter, [initializer], (kernel as number) ** 2);
  // The batch of addends and norms is told by the pixels of a picture, also where each pixel is by itself.
  const conv = isPointwise && !tail.addend && !held.norm ? undefined : geometry;
  const product = { held: { ...held, views }, rows, columns, factor, bias: biasOf(emitter, bias), tail };
  emitter.hold(tail.value.name, emitProduct(emitter, conv ? { ...product, conv } : product));
}

/** Gemm: alpha · a b + c, b transposed or not; c a bias [N], or [M, N]. */
export function matrixProduct(emitter: Emitter, node: GraphNode): void {
  const [a, b, c] = node.inputs as [Value, Value, Value | undefined];
  const { transB = 0, transA = 0, alpha } = node.attributes as Record<string, number>;
  if (transA) throw new NoKernelError('Gemm with transA.');
  const initializer = emitter.initializer(b);
  const isBias = c && c.shape.length === 1;
  if (transB && initializer && (!c || isBias)) {
    linear(emitter, node, a, alpha);
    return;
  }
  const right = emitter.plain(b);
  const factor = asFactor(emitter, transB ? right : permuted(right, [1, 0]));
  const [rows, columns] = (node.outputs[0] as Value).shape as [number, number];
  const tail = new TailReader(emitter, node.outputs[0] as Value, rowsView([rows, columns])).read();
  const bias = isBias ? biasOf(emitter, c) : undefined;
  const ends = c && !isBias ? withResidual(emitter, tail, emitter.asRows(emitter.plain(c))) : tail;
  emitter.hold(
    tail.value.name,
    emitProduct(emitter, { held: heldRows(emitter, a), rows, columns, factor, bias, alpha, tail: ends }),
  );
}

function withResidual(emitter: Emitter, tail: Tail, residual: View): Tail {
  if (!tail.residual) return { ...tail, residual };
  const sum = emitter.newView(residual.shape, tail.dtype, [0, 1]);
  emitter.elementwise(
    'add',
    [residual, { ...tail.residual, shape: residual.shape, strides: residual.strides }],
    sum,
  );
  return { ...tail, residual: sum };
}

/** A matrix that was computed as a product's weight [N, K]. */
function asFactor(emitter: Emitter, view: View): Factor {
  const rows = emitter.asRows(view);
  if (rows.storage === 'int32' || rows.storage === 'uint8')
    throw new NoKernelError(`A matrix of ${rows.storage}.`);
  return { storage: { kind: rows.storage }, operands: [rows.operand] };
}

const rowsView = (shape: readonly number[]): View => {
  return { operand: PLACEHOLDER, storage: 'float32', shape, strides: rowMajor(shape), offset: 0 };
};

/**
 * Linear layers of the same input: one product, whose columns are all of theirs. One alone takes what follows into its step,
 * GEGLU too.
 */
function linear(emitter: Emitter, node: GraphNode, x: Value, alpha?: number): void {
  const siblings = siblingsOf(emitter, node);
  const weights = siblings.map(({ inputs }) => emitter.initializer(inputs[1] as Value) as Initializer);
  const biases = siblings.flatMap(({ inputs }) =>
    inputs[2] ? [emitter.initializer(inputs[2]) as Initializer] : [],
  );
  const bias = biases.length > 0 ? stacked(emitter, biases) : undefined;
  emitLinear(emitter, { node, siblings, x, factor: factorOf(emitter, weights), bias, alpha });
}

interface Linear {
  readonly node: GraphNode;
  readonly siblings: readonly GraphNode[];
  readonly x: Value;
  readonly factor: Factor;
  readonly bias: View | undefined;
  readonly alpha?: number | undefined;
}

function emitLinear(emitter: Emitter, { node, siblings, x, factor, bias, alpha }: Linear): void {
  const held = heldRows(emitter, x);
  const rows = held.views[0].shape[0] as number;
  const widths = siblings.map(({ outputs }) => (outputs[0] as Value).shape[1] as number);
  const columns = widths.reduce((sum, width) => sum + width, 0);
  const product = { held, rows, columns, factor, bias, alpha };
  if (siblings.length === 1) {
    const gate = gateOf(emitter, node);
    const [result] = node.outputs as [Value];
    const wanted = gate ? columns / 2 : columns;
    if (gate) for (const part of gate.nodes) emitter.fuse(part);
    const tail = new TailReader(emitter, gate?.value ?? result, rowsView([rows, wanted])).read();
    if (gate && tail.activation) throw new NoKernelError('An activation of what GEGLU gives.');
    emitter.hold(tail.value.name, emitProduct(emitter, { ...product, gated: gate !== undefined, tail }));
    return;
  }
  const [first] = siblings as [GraphNode];
  const whole = emitProduct(emitter, {
    ...product,
    tail: {
      value: first.outputs[0] as Value,
      view: rowsView([rows, columns]),
      dtype: (first.outputs[0] as Value).dtype,
    },
  });
  for (const [i, sibling] of siblings.entries()) {
    emitter.fuse(sibling);
    const offset = widths.slice(0, i).reduce((sum, width) => sum + width, 0);
    const shape = [rows, widths[i] as number];
    emitter.hold((sibling.outputs[0] as Value).name, { ...whole, shape, strides: [columns, 1], offset });
  }
}

function stacked(emitter: Emitter, parts: readonly Initializer[]): View {
  const { operand, storage } = emitter.weight(parts, 1);
  const length = parts.reduce((sum, part) => sum + elementCount(part.shape), 0);
  return { operand, storage, shape: [length], strides: [1], offset: 0 };
}

/** Below so many rows a product's time is that of reading its weight. */
const FEW_ROWS = 8;
/** Numbers of the weights that are stacked to one: any GPU binds as many. */
const STACKED_NUMBERS = 2 ** 25;

/**
 * The linear layers that read the same tensor in one product: queries, keys and values of an attention, keys and values of the
 * text for all attentions to it, and, of a few rows, what projects the time for each block.
 */
function siblingsOf(emitter: Emitter, node: GraphNode): readonly GraphNode[] {
  const [x] = node.inputs as [Value];
  const isFew = (x.shape[0] as number) <= FEW_ROWS;
  const joins = ({ outputs }: GraphNode) => isFew || leadsToAttention(emitter, outputs[0] as Value);
  if (!joins(node)) return [node];
  const weightOf = ({ inputs }: GraphNode) => emitter.initializer(inputs[1] as Value);
  const isAlike = (reader: GraphNode) =>
    reader.op === node.op &&
    reader.inputs[0]?.name === x.name &&
    !emitter.isDone(reader) &&
    joins(reader) &&
    [2, 3, 5].every((i) => Boolean(reader.inputs[i]) === Boolean(node.inputs[i])) &&
    weightOf(reader)?.dtype === weightOf(node)?.dtype &&
    JSON.stringify(attributesOf(reader)) === JSON.stringify(attributesOf(node));
  let numbers = elementCount((node.inputs[1] as Value).shape);
  const others = emitter.uses.readersOf(x).filter((reader) => {
    if (reader === node || !isAlike(reader)) return false;
    numbers += elementCount((reader.inputs[1] as Value).shape);
    return numbers <= STACKED_NUMBERS;
  });
  return [node, ...others];
}

/** Without the number of columns, in which layers that are stacked may differ. */
const attributesOf = ({ attributes: { N: _, ...others } }: GraphNode) => others;

/** Whether an attention alone reads a tensor, or a view of it. */
function leadsToAttention(emitter: Emitter, value: Value): boolean {
  const reader = emitter.uses.onlyReaderOf(value);
  if (reader?.op === 'MultiHeadAttention') return true;
  return (
    reader !== undefined &&
    ['Reshape', 'Cast'].includes(reader.op) &&
    leadsToAttention(emitter, reader.outputs[0] as Value)
  );
}

/** GEGLU behind a linear layer: Split into values and gates, values · GELU(gates). */
function gateOf(
  emitter: Emitter,
  node: GraphNode,
): { value: Value; nodes: readonly GraphNode[] } | undefined {
  const { uses } = emitter;
  const split = uses.onlyReaderOf(node.outputs[0] as Value);
  if (split?.op !== 'Split' || split.attributes.axis !== 1 || split.outputs.length !== 2) return undefined;
  const [hidden, gate] = split.outputs as [Value, Value];
  const gelu = uses.onlyReaderOf(gate);
  const product = uses.onlyReaderOf(hidden);
  const isGate = gelu?.op === 'Gelu' && gelu.attributes.approximate === 'none' && product?.op === 'Mul';
  if (!isGate || uses.onlyReaderOf(gelu.outputs[0] as Value) !== product) return undefined;
  return { value: product.outputs[0] as Value, nodes: [split, gelu, product] };
}

/** MatMulNBits: a linear layer with a quantised weight (graph/nn.ts, `quantizedLinear`). */
export function quantizedProduct(emitter: Emitter, node: GraphNode): void {
  const [x] = node.inputs as [Value];
  const siblings = siblingsOf(emitter, node);
  const { bits, block_size: block } = node.attributes as Record<string, number>;
  if ((bits !== 4 && bits !== 8) || !block || block % 4)
    throw new NoKernelError(`Weights in ${bits} bits, blocks of ${block}.`);
  const stack = (i: number) =>
    siblings.map(({ inputs }) => emitter.initializer(inputs[i] as Value) as Initializer);
  const packed = emitter.weight(stack(1), 1);
  const scales = emitter.weight(stack(2), 1);
  const zeroPoints = node.inputs[3] ? emitter.weight(stack(3), 1) : undefined;
  const storage = {
    kind: 'quantized',
    bits,
    block,
    scales: scales.storage,
    zeroPoints: zeroPoints !== undefined,
  } as const;
  const operands = [packed.operand, scales.operand, ...(zeroPoints ? [zeroPoints.operand] : [])];
  const biases = siblings.flatMap(({ inputs }) =>
    inputs[5] ? [emitter.initializer(inputs[5]) as Initializer] : [],
  );
  const bias = biases.length > 0 ? stacked(emitter, biases) : undefined;
  emitLinear(emitter, { node, siblings, x, factor: { storage, operands }, bias });
}

/** MatMul of matrices, and of as many pairs of them as the axes before hold. */
export function matmul(emitter: Emitter, node: GraphNode): void {
  const [a, b] = node.inputs as [Value, Value];
  const [result] = node.outputs as [Value];
  const [rows, columns] = result.shape.slice(-2) as [number, number];
  const inner = a.shape.at(-1) as number;
  const count = elementCount(result.shape) / (rows * columns);
  const matrices = (value: Value, shape: readonly number[]) => {
    const view = reshaped(emitter.asRows(emitter.plain(value)), [count, ...shape]) as View;
    const strides = view.strides.slice(1);
    return (i: number): View => ({ ...view, shape, strides, offset: view.offset + i * elementCount(shape) });
  };
  const [left, right] = [matrices(a, [rows, inner]), matrices(b, [inner, columns])];
  const products = Array.from({ length: count }, (_, i) => {
    const factor = asFactor(emitter, permuted(right(i), [1, 0]));
    const tail: Tail = { value: result, view: rowsView([rows, columns]), dtype: result.dtype };
    return emitProduct(emitter, { held: { views: [emitter.asRows(left(i))] }, rows, columns, factor, tail });
  });
  const [only] = products as [View];
  if (count === 1) {
    emitter.hold(result.name, reshaped(only, result.shape) as View);
    return;
  }
  const whole = emitter.newView([count, rows, columns], result.dtype, [0, 1, 2]);
  for (const [i, product] of products.entries())
    emitter.copyTo(product, {
      ...whole,
      shape: [rows, columns],
      strides: [columns, 1],
      offset: i * rows * columns,
    });
  emitter.hold(result.name, reshaped(whole, result.shape) as View);
}

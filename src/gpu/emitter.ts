import type { DType, Graph, GraphNode, Initializer, Output, Value } from '../graph/graph.ts';
import type { AttentionTile } from '../kernels/attention-tile.ts';
import { elementwise, stridesInOrder } from '../kernels/elementwise.ts';
import type { Kernel, Storage } from '../kernels/kernel.ts';
import type { Gemm, Tile } from '../kernels/product.ts';
import { elementCount } from '../numerics/tensor.ts';
import { dedupe } from './dedupe.ts';
import type { InputPort, Operand, Port, Program, Step, Tensor, Weight } from './program.ts';
import { steadyFirst } from './steady-first.ts';
import { Uses } from './uses.ts';
import { channelsLast, isDense, isLaid, memoryOrder, rowMajor, storageOf, type View } from './view.ts';

/** What a program is compiled for. */
export interface GpuTarget {
  /** Whether shaders have `f16`; without it two float16 lie in a u32. */
  readonly hasF16: boolean;
  /** Bytes that the invocations of a workgroup share. */
  readonly workgroupMemory: number;
  /** The tile and the splits of a product. */
  readonly tileFor: (
    rows: number,
    columns: number,
    inner: number,
    product: Gemm,
  ) => { readonly tile: Tile; readonly splits: number };
  /** How attention is parted, where not as its problem suggests. */
  readonly attentionTile?: AttentionTile | undefined;
}

/**
 * A tensor of the graph that a later step reads in its own way: one or two feature maps side by side on the channel axis;
 * before they are normalised; before they are stretched.
 */
export interface Held {
  readonly views: readonly [View] | readonly [View, View];
  /** Scales and shifts, float32 [B, 2, C]. */
  readonly norm?: { readonly operand: Operand; readonly silu: boolean; readonly batch: number };
  /** Height and width that the map is stretched to by nearest neighbour. */
  readonly stretched?: readonly [number, number];
}

/** An operator, or a use of one, that has no kernel here. */
export class NoKernelError extends Error {
  override readonly name = 'NoKernelError';
}

/** What a program has become so far, and the graph that it is made from. */
export class Emitter {
  readonly graph: Graph;
  readonly target: GpuTarget;
  readonly uses: Uses;
  readonly #nodes: readonly GraphNode[];
  readonly #emit: (emitter: Emitter, node: GraphNode) => void;
  readonly #held = new Map<string, Held>();
  readonly #done = new Set<GraphNode>();
  /** The nodes that are being emitted: one that finds out what follows it emits others meanwhile. */
  readonly #open = new Set<GraphNode>();
  readonly #tensors: Tensor[] = [];
  readonly #weights: Weight[] = [];
  readonly #weightIndices = new Map<string, number>();
  readonly #steps: Step[] = [];
  readonly #inputs: InputPort[] = [];
  readonly #outputs: Port[] = [];

  /** @param emit adds the steps of a node */
  constructor(graph: Graph, target: GpuTarget, emit: (emitter: Emitter, node: GraphNode) => void) {
    this.graph = graph;
    this.target = target;
    this.#nodes = dedupe(graph.nodes);
    this.uses = new Uses(this.#nodes);
    this.#emit = emit;
    for (const input of graph.inputs) {
      const { name, shape } = input;
      const storage = this.portStorage(input);
      const operand = this.tensor(storage, elementCount(shape));
      this.#inputs.push({ ...input, tensor: operand.tensor });
      this.hold(name, { operand, storage, shape, strides: rowMajor(shape), offset: 0 });
    }
  }

  /** The program of the whole graph. @throws NoKernelError */
  compile(): Program {
    for (const node of this.#nodes) this.emit(node);
    return {
      name: this.graph.name,
      ...{ tensors: this.#tensors, weights: this.#weights },
      ...steadyFirst(this.#steps, this.#inputs),
      ...{ inputs: this.#inputs, outputs: this.#outputs },
    };
  }

  /** Adds the steps of a node, after those of the nodes that it reads, unless they are there. */
  emit(node: GraphNode): void {
    if (this.#done.has(node)) return;
    for (const value of node.inputs) if (value) this.make(value);
    if (this.#done.has(node)) return;
    this.#done.add(node);
    this.#open.add(node);
    this.#emit(this, node);
    this.#open.delete(node);
  }

  /** Emits what makes a tensor. */
  make(value: Value): void {
    const maker = this.uses.makerOf(value);
    if (maker) this.emit(maker);
  }

  isDone(node: GraphNode): boolean {
    return this.#done.has(node) && !this.#open.has(node);
  }

  /** Whether a tensor can be made before the nodes that are being emitted. */
  canMake(value: Value): boolean {
    return !this.uses.needs(
      value,
      (node) => this.#open.has(node),
      (node) => this.isDone(node),
    );
  }

  /** Marks a node as part of another one's step. */
  fuse(node: GraphNode): void {
    this.#done.add(node);
  }

  hold(name: string, held: Held | View): void {
    this.#held.set(name, 'views' in held ? held : { views: [held] });
  }

  /** @throws NoKernelError for a tensor that only a fused step knows */
  held(value: Value): Held {
    const held = this.#held.get(value.name);
    if (held) return held;
    const known = this.widened(value);
    if (!known || known.scales) throw new NoKernelError(`${value.name} is read where it is not made.`);
    return { views: [this.weightView(known.initializer)] };
  }

  /** A tensor as one view of numbers that are in memory as they are. */
  plain(value: Value): View {
    const held = this.held(value);
    if (held.views.length === 1 && !held.norm && !held.stretched) return held.views[0];
    throw new NoKernelError(`${value.name} is read before it is whole.`);
  }

  initializer(value: Value): Initializer | undefined {
    return this.graph.initializers.get(value.name);
  }

  /** The weight that a tensor is, or that Cast or DequantizeLinear widens to it: kernels do that where they read. */
  widened(value: Value): { readonly initializer: Initializer; readonly scales?: Initializer } | undefined {
    const own = this.initializer(value);
    if (own) return { initializer: own };
    const maker = this.uses.makerOf(value);
    if (maker?.op === 'Cast') return this.widened(maker.inputs[0] as Value);
    if (maker?.op !== 'DequantizeLinear') return undefined;
    const [initializer, scales] = maker.inputs.map((input) => this.initializer(input as Value));
    return initializer && scales && { initializer, scales };
  }

  weightView(initializer: Initializer): View {
    const { shape } = initializer;
    const { operand, storage } = this.weight([initializer], 1);
    return { operand, storage, shape, strides: rowMajor(shape), offset: 0 };
  }

  /** Weights that are read as one, as `Weight` has them. */
  weight(parts: readonly Initializer[], taps: number): { operand: Operand; storage: Storage } {
    const [{ dtype }] = parts as [Initializer];
    const storage = weightStorage(dtype, this.target.hasF16);
    const key = `${taps} ${parts.map(({ name }) => name).join('|')}`;
    let index = this.#weightIndices.get(key);
    if (index === undefined) {
      index = this.#weights.push({ parts, storage, taps }) - 1;
      this.#weightIndices.set(key, index);
    }
    return { operand: { weight: index }, storage };
  }

  tensor(storage: Storage, length: number): { readonly tensor: number } {
    return { tensor: this.#tensors.push({ storage, length }) - 1 };
  }

  step(kernel: Kernel, reads: readonly Operand[], writes: { readonly tensor: number }): void {
    this.#steps.push({ kernel, reads, writes: writes.tensor });
  }

  /** A new tensor of this shape, its axes in memory in this order. */
  newView(shape: readonly number[], dtype: DType, order: readonly number[]): View {
    const strides = stridesInOrder(shape, order);
    const last = order.findLast((axis) => (shape[axis] as number) > 1);
    const row = last === undefined ? 1 : (shape[last] as number);
    const storage = storageOf(dtype, row, this.target.hasF16);
    return { operand: this.tensor(storage, elementCount(shape)), storage, shape, strides, offset: 0 };
  }

  /** A type in which numbers can be written one by one: for float16 float32, where two of them share a word. */
  unpaired(dtype: DType): DType {
    return dtype === 'float16' && !this.target.hasF16 ? 'float32' : dtype;
  }

  /** The numbers of a view in a new tensor whose axes lie in this order. */
  copied(view: View, order: readonly number[], dtype: DType = dtypeOf(view.storage)): View {
    const out = this.newView(view.shape, dtype, order);
    this.copyTo(view, out);
    return out;
  }

  /** Copies a view into a place of the same shape. */
  copyTo(view: View, out: View): void {
    this.elementwise('copy', [view], out);
  }

  /** `op` of views of the result's shape. */
  elementwise(op: Parameters<typeof elementwise>[0]['op'], views: readonly View[], out: View): void {
    const order = memoryOrder(out.shape, out.strides);
    const arranged = <T extends { readonly strides: readonly number[] }>(place: T) => ({
      ...place,
      strides: order.map((axis) => place.strides[axis] as number),
    });
    const kernel = elementwise({
      op,
      sizes: order.map((axis) => out.shape[axis] as number),
      inputs: views.map(arranged),
      out: arranged(out),
    });
    this.step(
      kernel,
      views.map(({ operand }) => operand),
      tensorOf(out.operand),
    );
  }

  /** A view whose numbers lie row by row from the beginning of its tensor. */
  asRows(view: View): View {
    return isLaid(view, rowMajor(view.shape))
      ? view
      : this.copied(
          view,
          view.shape.map((_, axis) => axis),
        );
  }

  /** A feature map [B, C, H, W] whose channels lie beside each other. */
  asChannelsLast(view: View): View {
    return isLaid(view, channelsLast(view.shape)) ? view : this.copied(view, [0, 2, 3, 1]);
  }

  /** The order of a view's axes in memory where it has no gaps, otherwise as they are named. */
  orderOf(view: View): number[] {
    return isDense(view) ? memoryOrder(view.shape, view.strides) : view.shape.map((_, axis) => axis);
  }

  /** How the numbers of an input or a result are stored. */
  portStorage({ dtype, shape }: Value): Storage {
    return storageOf(dtype, shape.findLast((size) => size > 1) ?? 1, this.target.hasF16);
  }

  output(value: Output, { operand, shape }: View): void {
    this.#outputs.push({ ...value, shape, tensor: tensorOf(operand).tensor });
  }
}

/** @throws NoKernelError for a weight, which no step may write */
export function tensorOf(operand: Operand): { readonly tensor: number } {
  if ('tensor' in operand) return operand;
  throw new NoKernelError('A weight is no result.');
}

export const dtypeOf = (storage: Storage): DType => (storage === 'packed16' ? 'float16' : storage);

function weightStorage(dtype: DType, hasF16: boolean): Storage {
  if (dtype === 'float16') return hasF16 ? 'float16' : 'packed16';
  // Integers of 64 bits are sizes, which are known here.
  return dtype === 'int64' ? 'int32' : dtype;
}

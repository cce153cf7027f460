import type { DType, GraphNode, Value } from '../graph/graph.ts';
import type { Activation } from '../kernels/activations.ts';
import { elementCount } from '../numerics/tensor.ts';
import { activationOf } from './activation-of.ts';
import type { Emitter } from './emitter.ts';
import { permuted, reshaped, sameStrides, type View } from './view.ts';

/** What follows a product and becomes part of its step. */
export interface Tail {
  /** The tensor of the graph that the step makes in the end, its view, and its type. */
  readonly value: Value;
  readonly view: View;
  readonly dtype: DType;
  /** [B or 1, columns]. */
  readonly addend?: View;
  /** Laid as the result. */
  readonly residual?: View;
  readonly activation?: Activation;
}

/** Follows a product's result as long as one node reads it, and that node can be a part of its step. */
export class TailReader {
  readonly #emitter: Emitter;
  #tail: Tail;

  /** @param view the result as the product writes it; its operand and storage are not known yet */
  constructor(emitter: Emitter, value: Value, view: View) {
    this.#emitter = emitter;
    this.#tail = { value, view, dtype: value.dtype };
  }

  read(): Tail {
    for (;;) {
      const reader = this.#emitter.uses.onlyReaderOf(this.#tail.value);
      if (!reader || this.#emitter.isDone(reader)) return this.#tail;
      const tail = this.#extended(reader);
      if (!tail) return this.#tail;
      this.#emitter.fuse(reader);
      this.#tail = { ...tail, value: reader.outputs[0] as Value };
    }
  }

  /** The tail with this node; undefined where the node is a step of its own. */
  #extended(reader: GraphNode): Tail | undefined {
    const tail = this.#tail;
    const result = reader.outputs[0] as Value;
    const activation = activationOf(reader);
    if (activation) return tail.activation ? undefined : { ...tail, activation };
    if (reader.op === 'Add') return tail.activation ? undefined : this.#withAddend(reader);
    if (reader.op === 'Transpose')
      return { ...tail, view: permuted(tail.view, reader.attributes.perm as readonly number[]) };
    if (reader.op === 'Reshape') {
      const view = reshaped(tail.view, result.shape);
      return view && { ...tail, view };
    }
    if (reader.op !== 'Cast' || !/^float/.test(result.dtype)) return undefined;
    return this.#emitter.uses.leadsToAttention(result) ? tail : { ...tail, dtype: result.dtype };
  }

  #withAddend(reader: GraphNode): Tail | undefined {
    const tail = this.#tail;
    const other = reader.inputs.find((input) => input?.name !== tail.value.name);
    const { shape } = tail.view;
    if (!other || this.#emitter.initializer(other)) return undefined;
    const isSame =
      other.shape.length === shape.length && other.shape.every((size, axis) => size === shape[axis]);
    const [batch, channels, ...spatial] = other.shape;
    const isRow =
      shape.length === 4 &&
      spatial.length === 2 &&
      spatial.every((size) => size === 1) &&
      channels === shape[1];
    if (!(isSame ? !tail.residual : isRow && !tail.addend && (batch === 1 || batch === shape[0])))
      return undefined;
    if (!this.#emitter.canMake(other)) return undefined;
    this.#emitter.make(other);
    const held = this.#emitter.held(other);
    if (held.views.length > 1 || held.norm || held.stretched) return undefined;
    const [view] = held.views;
    if (isSame) {
      const isAlike = view.offset === 0 && sameStrides(shape, view.strides, tail.view.strides);
      return isAlike ? { ...tail, residual: view } : undefined;
    }
    // A row of the result is a pixel of one picture after another, channels last.
    const isByPicture =
      tail.view.strides[1] === 1 &&
      (shape[0] === 1 || tail.view.strides[0] === elementCount(shape) / (shape[0] as number));
    if (!isByPicture) return undefined;
    const row = reshaped(view, [batch as number, channels as number]);
    const [pitch, next] = row?.strides ?? [];
    const isEven =
      (channels as number) % 2 === 1 ||
      ((row?.offset ?? 0) % 2 === 0 && (batch === 1 || (pitch as number) % 2 === 0));
    return row && next === 1 && isEven ? { ...tail, addend: row } : undefined;
  }
}

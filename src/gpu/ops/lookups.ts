import type { GraphNode, Value } from '../../graph/graph.ts';
import { gather as gatherKernel } from '../../kernels/gather.ts';
import { mean as meanKernel } from '../../kernels/mean.ts';
import { elementCount } from '../../numerics/tensor.ts';
import { type Emitter, NoKernelError, tensorOf } from '../emitter.ts';

/** Gather: rows of a table [V, D] by int32 indices of any shape. */
export function gather(emitter: Emitter, node: GraphNode): void {
  const [table, indices] = node.inputs as [Value, Value];
  const [result] = node.outputs as [Value];
  if (table.shape.length !== 2 || indices.dtype !== 'int32') throw new NoKernelError('Gather of this kind.');
  const [tableRows, columns] = table.shape as [number, number];
  const rows = emitter.asRows(emitter.plain(table));
  const at = emitter.asRows(emitter.plain(indices));
  const out = emitter.newView(
    result.shape,
    columns % 2 === 1 ? emitter.unpaired(result.dtype) : result.dtype,
    result.shape.map((_, axis) => axis),
  );
  const count = elementCount(indices.shape);
  const kernel = gatherKernel({ rows: count, tableRows, columns, table: rows.storage, out: out.storage });
  emitter.step(kernel, [rows.operand, at.operand], tensorOf(out.operand));
  emitter.hold(result.name, out);
}

/** ReduceMean over one axis, which stays with length 1. */
export function mean(emitter: Emitter, node: GraphNode): void {
  const [x] = node.inputs as [Value];
  const [result] = node.outputs as [Value];
  const axis = result.shape.findIndex((size, i) => size !== x.shape[i]);
  const view = emitter.asRows(emitter.plain(x));
  if (axis < 0) {
    emitter.hold(result.name, view);
    return;
  }
  const inner = elementCount(x.shape.slice(axis + 1));
  const out = emitter.newView(
    result.shape,
    inner % 2 === 1 ? emitter.unpaired(result.dtype) : result.dtype,
    result.shape.map((_, i) => i),
  );
  const kernel = meanKernel({
    outer: elementCount(x.shape.slice(0, axis)),
    length: x.shape[axis] as number,
    inner,
    ...{ storage: view.storage, out: out.storage },
  });
  emitter.step(kernel, [view.operand], tensorOf(out.operand));
  emitter.hold(result.name, out);
}

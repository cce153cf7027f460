import type { Constant, GraphNode, Value } from '../../graph/graph.ts';
import { attention as attentionKernel } from '../../kernels/attention.ts';
import { dtypeOf, type Emitter, NoKernelError, tensorOf } from '../emitter.ts';
import { rowMajor, type View } from '../view.ts';

/** MultiHeadAttention: q [B, T, C], k and v [B, S, C], and a causal mask or none (graph/nn.ts, `attention`). */
export function attention(emitter: Emitter, node: GraphNode): void {
  const [query, key, value] = node.inputs as [Value, Value, Value];
  const mask = node.inputs[5];
  const causal = mask ? isCausal(emitter, mask) : false;
  if (mask && !causal) throw new NoKernelError('Attention with a mask that is not causal.');
  const [result] = node.outputs as [Value];
  const [batches, queries, channels] = query.shape as [number, number, number];
  const heads = node.attributes.num_heads as number;
  const size = channels / heads;
  const plain = [query, key, value].map((input) => inRows(emitter, emitter.plain(input)));
  const storages = new Set(plain.map(({ storage }) => storage));
  // Kernels take one storage, and pairs only where they do not part a head.
  const isMixed = storages.size > 1 || (storages.has('packed16') && size % 2 === 1);
  const views = isMixed ? plain.map((view) => emitter.copied(view, [0, 1, 2], 'float32')) : plain;
  const [first] = views as [View];
  const parts = views.map(({ strides, offset }) => ({ pitch: strides[1] as number, offset }));
  const out = {
    ...first,
    operand: emitter.tensor(first.storage, batches * queries * channels),
    shape: result.shape,
  };
  const kernel = attentionKernel(
    {
      ...{ batches, heads, size, queries, keys: key.shape[1] as number, storage: first.storage, causal },
      parts: parts as [(typeof parts)[0], (typeof parts)[0], (typeof parts)[0]],
    },
    emitter.target.workgroupMemory,
    emitter.target.attentionTile,
  );
  emitter.step(
    kernel,
    views.map(({ operand }) => operand),
    tensorOf(out.operand),
  );
  emitter.hold(result.name, { ...out, strides: rowMajor(result.shape), offset: 0 });
}

/** A view [B, T, C] whose rows are as far apart from one text to the next as within one. */
function inRows(emitter: Emitter, view: View): View {
  const [batch, length] = view.shape as [number, number, number];
  const [outer, pitch, inner] = view.strides as [number, number, number];
  const isRegular = inner === 1 && (batch === 1 || outer === length * pitch || length === 1);
  if (!isRegular) return emitter.copied(view, [0, 1, 2], dtypeOf(view.storage));
  return length === 1 ? { ...view, strides: [outer, outer, 1] } : view;
}

/** Whether a mask [1, 1, T, T] hides from each position those after it, and no other. */
function isCausal(emitter: Emitter, mask: Value): boolean {
  const maker = emitter.uses.makerOf(mask);
  if (maker?.op === 'Cast') return isCausal(emitter, maker.inputs[0] as Value);
  const constant = emitter.initializer(mask) as Constant | undefined;
  if (!constant || !('data' in constant)) return false;
  const length = mask.shape.at(-1) as number;
  return Array.from(constant.data as Float32Array).every((value, i) =>
    i % length > Math.floor(i / length) ? value < -6e4 : value === 0,
  );
}

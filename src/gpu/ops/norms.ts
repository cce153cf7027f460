import type { GraphNode, Value } from '../../graph/graph.ts';
import { type GroupNorm, groupNormScratch, groupNormStatistics } from '../../kernels/group-norm.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import { layerNorm as layerNormKernel } from '../../kernels/layer-norm.ts';
import { normalize } from '../../kernels/normalize.ts';
import { softmax as softmaxKernel } from '../../kernels/softmax.ts';
import { elementCount } from '../../numerics/tensor.ts';
import { dtypeOf, type Emitter, type Held, NoKernelError, tensorOf } from '../emitter.ts';
import { isLaid, rowMajor, type View } from '../view.ts';

const PRODUCTS = new Set(['Conv', 'Gemm', 'MatMulNBits']);

/**
 * GroupNorm of channels-last maps [B, H, W, C], one or two side by side (graph/nn.ts, `groupNorm`). Where only products read
 * the result they normalise what they load; there is no other step than the statistics'.
 */
export function groupNorm(emitter: Emitter, node: GraphNode): void {
  const [x, weight, bias] = node.inputs as [Value, Value, Value];
  const [result] = node.outputs as [Value];
  const { groups, epsilon, activation } = node.attributes as Record<string, number>;
  const held = emitter.held(x);
  if (held.norm || held.stretched) throw new NoKernelError('GroupNorm of a tensor that is not whole.');
  const views = held.views.map((view) => emitter.asRows(view)) as unknown as Held['views'];
  const [batch, height, width] = result.shape as [number, number, number, number];
  const channels = result.shape[3] as number;
  const [scale, shift] = affineOf(emitter, weight, bias);
  const norm: GroupNorm = {
    ...{ batches: batch, pixels: height * width, groups: groups as number, epsilon: epsilon as number },
    inputs: views.map((view) => ({ channels: view.shape[3] as number, storage: view.storage })),
    weight: scale.storage,
  };
  const operand = emitter.tensor('float32', batch * 2 * channels);
  const inputs = views.map((view) => view.operand);
  const affine = [scale.operand, shift.operand];
  const [first, finish] = groupNormStatistics(norm) as [Kernel, Kernel?];
  if (finish) {
    const scratch = emitter.tensor('float32', groupNormScratch(norm));
    emitter.step(first, inputs, scratch);
    emitter.step(finish, [scratch, ...affine], operand);
  } else emitter.step(first, [...inputs, ...affine], operand);
  const silu = activation === 1;
  if (emitter.uses.leadsOnlyTo(result, PRODUCTS)) {
    emitter.hold(result.name, { views, norm: { operand, silu, batch } });
    return;
  }
  if (views.length > 1) throw new NoKernelError('GroupNorm of two maps that no product reads.');
  const [view] = views;
  const dtype = channels % 2 === 1 ? emitter.unpaired(result.dtype) : result.dtype;
  const out = emitter.newView(result.shape, dtype, [0, 1, 2, 3]);
  const kernel = normalize({
    batches: batch,
    pixels: height * width,
    channels,
    silu,
    storage: view.storage,
    out: out.storage,
  });
  emitter.step(kernel, [view.operand, operand], tensorOf(out.operand));
  emitter.hold(result.name, out);
}

/** LayerNormalization over the last axis. */
export function layerNorm(emitter: Emitter, node: GraphNode): void {
  const [x, weight, bias] = node.inputs as [Value, Value, Value];
  const [result] = node.outputs as [Value];
  const view = wholePairs(emitter, emitter.asRows(emitter.plain(x)));
  const channels = result.shape.at(-1) as number;
  const [scale, shift] = affineOf(emitter, weight, bias);
  const out = emitter.newView(
    result.shape,
    dtypeOf(view.storage),
    result.shape.map((_, axis) => axis),
  );
  const kernel = layerNormKernel({
    ...{ rows: elementCount(result.shape) / channels, channels, epsilon: node.attributes.epsilon as number },
    ...{ storage: view.storage, weight: scale.storage },
  });
  emitter.step(kernel, [view.operand, scale.operand, shift.operand], tensorOf(out.operand));
  emitter.hold(result.name, out);
}

/** Softmax over the last axis. */
export function softmax(emitter: Emitter, node: GraphNode): void {
  const [result] = node.outputs as [Value];
  const view = wholePairs(emitter, emitter.plain(node.inputs[0] as Value));
  if (!isLaid(view, rowMajor(view.shape))) throw new NoKernelError('Softmax of this kind.');
  const channels = result.shape.at(-1) as number;
  const out = emitter.newView(
    result.shape,
    dtypeOf(view.storage),
    result.shape.map((_, axis) => axis),
  );
  const kernel = softmaxKernel({
    rows: elementCount(result.shape) / channels,
    channels,
    storage: view.storage,
  });
  emitter.step(kernel, [view.operand], tensorOf(out.operand));
  emitter.hold(result.name, out);
}

/** Rows of an odd length, which may not share a word, as float32. */
function wholePairs(emitter: Emitter, view: View): View {
  const isParted = view.storage === 'packed16' && (view.shape.at(-1) as number) % 2 === 1;
  const axes = view.shape.map((_, axis) => axis);
  return isParted ? emitter.copied(view, axes, 'float32') : view;
}

/** Weight and bias of a norm, in one storage. */
function affineOf(emitter: Emitter, weight: Value, bias: Value): readonly [View, View] {
  const [scale, shift] = [emitter.plain(weight), emitter.plain(bias)];
  return scale.storage === shift.storage
    ? [scale, shift]
    : [emitter.copied(scale, [0], 'float32'), emitter.copied(shift, [0], 'float32')];
}

import type { Graph, Value } from '../graph/graph.ts';
import { elementCount } from '../numerics/tensor.ts';
import type { Weights } from './weights.ts';

/** Names and shapes of the tensors that a graph asks for, in that order. */
export type TensorShapes = Map<string, readonly number[]>;

/** Layers without a bias in diffusers: a transformer's q, k and v; CLIP's projection. And a VAE's old names. */
const ABSENT = /\.attn[12]\.to_[qkv]\.bias$|^text_projection\.bias$|\.query\.weight$/;

/** Stands in for a checkpoint of today's diffusers: has every tensor that is asked for, and records it. */
export function recordingWeights(shapes: TensorShapes, prefix = ''): Weights {
  const file = new Blob([]);
  const get = (g: Graph, name: string, shape: readonly number[], view: readonly number[] = shape): Value => {
    shapes.set(prefix + name, shape);
    const range = { path: 'recorded', offset: 0, length: 4 * elementCount(shape) };
    return g.weight(prefix + name, 'float32', view, range, file);
  };
  const recorder = {
    at: (...path: (string | number)[]) => recordingWeights(shapes, `${prefix}${path.join('.')}.`),
    has(name: string): boolean {
      // A ResNet has one where it changes the number of channels.
      const [out, inner] = shapes.get(`${prefix}conv1.weight`) ?? [];
      return name === 'conv_shortcut.weight' ? out !== inner : !ABSENT.test(prefix + name);
    },
    get,
    getFactor: get,
    getQuantized: () => undefined,
    unused: () => [],
  };
  return recorder as unknown as Weights;
}

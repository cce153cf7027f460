import type { Graph, Value } from '../../graph/graph.ts';
import * as nn from '../../graph/nn.ts';
import { elementCount } from '../../numerics/tensor.ts';
import { between, type LoraChange, viewed } from './change.ts';
import { damaged, factor, has, type LoraModule, otherModel } from './module.ts';

/** torch.finfo(torch.float32).eps */
const EPSILON = 2 ** -23;

/**
 * DoRA (Liu et al. 2024): what the change makes of W at full strength, V, has its length replaced: V · m / ‖V‖, one m for each
 * output or for each input. `dora_scale` says by its shape which: [out, 1, …] (LyCORIS with wd_on_out) or [1, in, …] (LyCORIS
 * without, OneTrainer, kohya's scripts). PEFT's `lora_magnitude_vector` is always one of the outputs.
 *
 * At another strength than 1 it is W + strength · (W′ − W), as in A1111 and ComfyUI; LyCORIS scales m / ‖V‖ − 1 alone, and would
 * keep the whole of V at strength 0.
 */
export function decomposed(module: LoraModule, change: LoraChange): LoraChange {
  const name = ['dora_scale', 'magnitude'].find((part) => has(module, part));
  if (name === undefined) return change;
  const magnitude = factor(module, name);
  const [out = 1, inner = 1] = module.place.shape;
  const count = elementCount(magnitude.shape);
  const onInput =
    name === 'dora_scale' && magnitude.shape.length > 1 && magnitude.shape[0] === 1 && count !== 1;
  if (magnitude.shape.filter((n) => n !== 1).length > 1) throw damaged(module, name, 'down');
  if (count !== (onInput ? inner : out)) {
    const { key } = module.parts.get(name) as { key: string };
    throw otherModel(
      module.lora,
      key,
      `${key} is [${magnitude.shape}], and ${module.place.weight} [${module.place.shape}] here`,
    );
  }
  return {
    apply: (g, weight, strength, input) => {
      const merged = change.apply(g, weight, 1, input);
      const scaled = onInput
        ? perInput(g, merged, input(viewed(magnitude, [1, inner, 1])))
        : perOutput(g, merged, input(viewed(magnitude, [out, 1])));
      return between(g, weight, scaled, strength);
    },
  };
}

/** V [out, n] · m / ‖V‖ over each row, m [out, 1]. */
function perOutput(g: Graph, v: Value, m: Value): Value {
  return nn.mul(g, v, nn.div(g, m, root(g, nn.mean(g, nn.mul(g, v, v), 1), v.shape[1] as number)));
}

/** V [out, in · k] · m / ‖V‖ over all outputs and places of the kernel, m [1, in, 1]. */
function perInput(g: Graph, v: Value, m: Value): Value {
  const [out, columns] = v.shape as [number, number];
  const inner = m.shape[1] as number;
  const cube = nn.reshape(g, v, [out, inner, columns / inner]);
  const mean = nn.mean(g, nn.mean(g, nn.mul(g, cube, cube), 2), 0);
  const scaled = nn.mul(g, cube, nn.div(g, m, root(g, mean, v.shape.reduce((a, b) => a * b) / inner)));
  return nn.reshape(g, scaled, v.shape);
}

/** The norm of `count` numbers of which this is the mean square. */
const root = (g: Graph, mean: Value, count: number) =>
  nn.add(g, nn.sqrt(g, nn.mul(g, mean, nn.scalar(g, count))), nn.scalar(g, EPSILON));

/** Whether the module holds DoRA's magnitudes. */
export const isDecomposed = (module: LoraModule) => has(module, 'dora_scale', 'magnitude');

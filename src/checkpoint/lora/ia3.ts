import * as nn from '../../graph/nn.ts';
import { elementCount } from '../../numerics/tensor.ts';
import { between, type LoraChange, viewed } from './change.ts';
import { damaged, factor, fits, has, incomplete, keyOf, type LoraModule, unsupported } from './module.ts';

/**
 * IA3 (Liu et al. 2022): W · (1 + w), w one number for each output or, where `on_input` is 1, for each input. As in the forward
 * of LyCORIS modules/ia3.py, the bias stays as it is.
 */
export function ia3(module: LoraModule): LoraChange | undefined {
  if (!has(module, 'on_input')) return undefined;
  if (!has(module, 'weight')) throw incomplete(module.lora, module.parts);
  const by = multiplier(module, 'weight', module.numbers.get('on_input') !== 0);
  return {
    apply: (g, weight, strength, input) =>
      nn.add(g, weight, nn.mul(g, by.apply(g, weight, 1, input), nn.scalar(g, strength))),
  };
}

/**
 * IA3 by PEFT: W · l, and bias · l where l is of the outputs (tuners/ia3/layer.py). `ia3_l` is [out, 1] or [1, in] for a linear
 * layer; for a convolution [1, n, 1, 1] of either, which only its size can tell.
 */
export function peftIa3(module: LoraModule): LoraChange | undefined {
  if (!has(module, 'ia3_l')) return undefined;
  const by = multiplier(module, 'ia3_l', isOnInput(module));
  return {
    apply: (g, weight, strength, input) => between(g, weight, by.apply(g, weight, 1, input), strength),
  };
}

/** Whether PEFT's numbers are of the inputs. @throws AppError unsupported-lora where that cannot be told */
export function isOnInput(module: LoraModule): boolean {
  const { shape } = factor(module, 'ia3_l');
  const [out = 1, inner = 1] = module.place.shape;
  const [first = 1, second = 1] = shape;
  if (shape.length === 2) return first === 1 && second !== 1;
  if (out !== inner) return second === inner;
  const key = keyOf(module, 'ia3_l');
  throw unsupported(
    { kind: 'lora-unclear', lora: module.lora, key },
    `does not say whether ${key} is of the inputs or the outputs`,
  );
}

/** W · w, w one number for each input or output. */
function multiplier(module: LoraModule, name: string, onInput: boolean): LoraChange {
  const weights = factor(module, name);
  const count = elementCount(weights.shape);
  const [out = 1, inner = 1, ...kernel] = module.place.shape;
  const kernelSize = elementCount(kernel);
  if (count === 0) throw damaged(module, name);
  fits(module, keyOf(module, name), onInput ? out : count, (onInput ? count : inner) * kernelSize);
  const shape = onInput ? [1, count, 1] : [count, 1, 1];
  return {
    apply: (g, weight, _, input) => {
      const cube = nn.reshape(g, weight, [out, inner, kernelSize]);
      return nn.reshape(g, nn.mul(g, cube, input(viewed(weights, shape))), weight.shape);
    },
  };
}

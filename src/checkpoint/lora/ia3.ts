import * as nn from '../../graph/nn.ts';
import { elementCount } from '../../numerics/tensor.ts';
import { type LoraChange, viewed } from './change.ts';
import { factor, fits, has, incomplete, keyOf, type LoraModule } from './module.ts';

/**
 * IA3 (Liu et al. 2022): W · (1 + w), w one number for each output or, where `on_input` is 1, for each input. As in the forward
 * of LyCORIS modules/ia3.py, the bias stays as it is.
 */
export function ia3(module: LoraModule): LoraChange | undefined {
  if (!has(module, 'on_input')) return undefined;
  if (!has(module, 'weight')) throw incomplete(module.lora, module.parts);
  const weights = factor(module, 'weight');
  const count = elementCount(weights.shape);
  const [out = 1, inner = 1, ...kernel] = module.place.shape;
  const kernelSize = elementCount(kernel);
  const onInput = module.numbers.get('on_input') !== 0;
  fits(module, keyOf(module, 'weight'), onInput ? out : count, (onInput ? count : inner) * kernelSize);
  const shape = onInput ? [1, count, 1] : [count, 1, 1];
  return {
    apply: (g, weight, strength, input) => {
      const factors = nn.mul(g, input(viewed(weights, shape)), nn.scalar(g, strength));
      const cube = nn.reshape(g, weight, [out, inner, kernelSize]);
      return nn.add(g, weight, nn.reshape(g, nn.mul(g, cube, factors), weight.shape));
    },
  };
}

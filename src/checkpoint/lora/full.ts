import * as nn from '../../graph/nn.ts';
import { between, type Factor, type LoraChange, viewed } from './change.ts';
import { peftIa3 } from './ia3.ts';
import { factor, fits, has, keyOf, type LoraModule } from './module.ts';
import { matrixShape } from './product.ts';

/** A tensor that is added as it is: the difference of a whole weight (`diff`), or of a norm's (`w_norm`). */
export function difference(module: LoraModule): LoraChange | undefined {
  const name = ['diff', 'w_norm'].find((part) => has(module, part));
  return name === undefined ? undefined : added(module, name, 1);
}

/** A tensor that takes the place of the model's: ComfyUI's `set_weight`, and what PEFT saves of whole modules. */
export function replacement(module: LoraModule): LoraChange | undefined {
  if (has(module, 'set_weight')) return replaced(module, 'set_weight');
  return has(module, 'weight') && !has(module, 'on_input') ? replaced(module, 'weight') : undefined;
}

/**
 * What is done to the bias of a module, whose place is that of the bias. PEFT alone may do two things: put another in its
 * place (`bias="all"`), and add to that (`lora_bias`), scaled as the weights are (tuners/lora/layer.py).
 */
export function biasChange(module: LoraModule): LoraChange | undefined {
  const name = ['diff_b', 'b_norm'].find((part) => has(module, part));
  if (name !== undefined) return added(module, name, 1);
  const [own, more] = [
    has(module, 'bias') ? replaced(module, 'bias') : peftIa3(module),
    has(module, 'up_bias') ? added(module, 'up_bias', module.scaleOf(rankOf(module))) : undefined,
  ];
  if (!own || !more) return own ?? more;
  return {
    apply: (g, bias, strength, input) => more.apply(g, own.apply(g, bias, strength, input), strength, input),
  };
}

const rankOf = (module: LoraModule) =>
  has(module, 'down') ? matrixShape(factor(module, 'down'))[0] : undefined;

/** W + strength · scale · difference */
function added(module: LoraModule, name: string, scale: number): LoraChange {
  const difference = fitting(module, name);
  return {
    apply: (g, weight, strength, input) =>
      nn.add(g, weight, nn.mul(g, input(difference), nn.scalar(g, strength * scale))),
  };
}

function replaced(module: LoraModule, name: string): LoraChange {
  const value = fitting(module, name);
  return {
    apply: (g, weight, strength, input) => between(g, weight, input(value), strength),
  };
}

/** A part of the shape of the tensor that it is for, as a matrix. */
function fitting(module: LoraModule, name: string): Factor {
  const whole = factor(module, name);
  const [rows, columns] = matrixShape(whole);
  fits(module, keyOf(module, name), rows, columns);
  return viewed(whole, [rows, columns]);
}

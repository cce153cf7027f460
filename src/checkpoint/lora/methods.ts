import type { LoraChange } from './change.ts';
import { decomposed, isDecomposed } from './dora.ts';
import { biasChange, difference, replacement } from './full.ts';
import { glora } from './glora.ts';
import { ia3, isOnInput, peftIa3 } from './ia3.ts';
import { loha } from './loha.ts';
import { lokr } from './lokr.ts';
import { embeddingLora, lora } from './lora.ts';
import { has, incomplete, keyOf, type LoraModule, unsupported } from './module.ts';
import { oft } from './oft.ts';
import type { BiasOf, LoraPlace } from './places.ts';

/** What each method makes of a module: undefined where it has none of the method's parts. */
const METHODS: readonly ((module: LoraModule) => LoraChange | undefined)[] = [
  ...[lora, embeddingLora, loha, lokr, glora, oft, ia3, peftIa3, difference, replacement],
];

/** Parts that change a module's bias. */
const BIAS_PARTS = ['diff_b', 'b_norm', 'up_bias', 'bias', 'ia3_l'];

/** What a module changes, and the keys of what the model has no place for. */
interface ModuleChanges {
  readonly changes: readonly { readonly place: LoraPlace; readonly change: LoraChange }[];
  readonly lost: readonly string[];
}

/**
 * What a module does to the weight at its place, and to the bias there.
 * @throws AppError unsupported-lora, naming the key, when the module is damaged, incomplete or made for another kind of model
 */
export function changesOf(module: LoraModule, biasOf: BiasOf): ModuleChanges {
  const { lora, place } = module;
  const found = METHODS.flatMap((method) => method(module) ?? []);
  const [change, second] = found;
  const [first] = module.parts.values();
  if (second)
    throw unsupported({ kind: 'lora-twice', lora, key: first?.key ?? '' }, `changes ${place.weight} twice`);
  if (!change && isDecomposed(module)) throw incomplete(lora, module.parts);
  const weight = change ? [{ place, change: decomposed(module, change) }] : [];
  const bias = biasChanges(module, biasOf);
  if (weight.length + bias.changes.length + bias.lost.length === 0) throw incomplete(lora, module.parts);
  return { changes: [...weight, ...bias.changes], lost: bias.lost };
}

function biasChanges(module: LoraModule, biasOf: BiasOf): ModuleChanges {
  const key = keyOf(module, ...BIAS_PARTS);
  if (key === '' || (has(module, 'ia3_l') && isOnInput(module))) return { changes: [], lost: [] };
  const place = biasOf(module.place);
  // PEFT's IA3 multiplies a bias where there is one; the others bring one.
  if (!place) return { changes: [], lost: has(module, 'ia3_l') ? [] : [key] };
  const change = biasChange({ ...module, place });
  return { changes: change ? [{ place, change }] : [], lost: [] };
}

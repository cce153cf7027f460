import type { Tensors } from '../../checkpoint/weights.ts';
import type { OtherControl } from '../../protocol/errors.ts';

/** Files that steer a picture by another one. The first three are run. */
export type ControlKind = 'ControlNet' | 'ControlNet Union' | 'T2I-Adapter' | OtherControl;

/** Keys that only one kind has, in this order: a Union has all of a ControlNet, and a ControlNet-LoRA some. */
const MARKS: readonly (readonly [kind: ControlKind, mark: RegExp])[] = [
  // diffusers' name, and that in the files of those who published it.
  ['ControlNet Union', /^(control_model\.)?task_embedding$/],
  ['ControlNet-LoRA', /^lora_controlnet$/],
  ['ControlLLLite', /^lllite_/],
  ['ControlNet', /^controlnet_cond_embedding\.conv_in\.weight$/],
  ['ControlNet', /^(control_model\.)?(input_hint_block\.0|zero_convs\.0\.0)\.weight$/],
  ['IP-Adapter', /^(image_proj|ip_adapter)\./],
  ['T2I-Adapter', /^adapter\.body\.0\.resnets\.0\.block1\.weight$/],
  // As those who published it name its parts.
  ['old T2I-Adapter', /^(adapter\.)?body\.0\.(block1|in_conv)\.weight$/],
];

/** What a file is, by its keys; undefined where it is no control model. */
export function controlKind(tensors: Tensors): ControlKind | undefined {
  const keys = [...tensors.keys()];
  return MARKS.find(([, mark]) => keys.some((key) => mark.test(key)))?.[0];
}

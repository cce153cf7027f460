import type { Tensors } from '../../checkpoint/weights.ts';
import { count, type KeyMap, keyMap, type Row, unetKeys } from './single-file-keys.ts';

/** DIFFUSERS_TO_LDM_MAPPING["controlnet"]["layers"], convert_controlnet_checkpoint: what a ControlNet has beside a UNet's first half. */
const CONTROLNET: readonly Row[] = [
  ['zero_convs.{zero}.0.*', 'controlnet_down_blocks.{zero}.*'],
  ['middle_block_out.0.*', 'controlnet_mid_block.*'],
  ['input_hint_block.0.*', 'controlnet_cond_embedding.conv_in.*'],
  // Between two of them is an activation.
  ['input_hint_block.{hint}.*', 'controlnet_cond_embedding.blocks.{block}.*'],
  ['input_hint_block.{lastHint}.*', 'controlnet_cond_embedding.conv_out.*'],
];

/** A ControlNet's. @param tensors by their names without the prefix */
export function controlNetKeys(tensors: Tensors): KeyMap {
  const hints = count(tensors, /^input_hint_block\.(\d+)\./);
  const own = keyMap(
    CONTROLNET,
    { zero: count(tensors, /^zero_convs\.(\d+)\./), block: Math.max(0, hints - 2) },
    ({ block = 0 }) => ({ hint: 2 * (block + 1), lastHint: 2 * (hints - 1) }),
  );
  return new Map([...unetKeys(tensors, 'sdxl'), ...own]);
}

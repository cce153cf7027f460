import type { Tensors } from '../../checkpoint/weights.ts';

/** Prefixes by which stable-diffusion.cpp replaces those of SDXL's text encoders (name_conversion.cpp, `convert_tensor_name`). */
const SECOND_TEXT_ENCODER = 'cond_stage_model.1.';
const RENAMED = [
  [SECOND_TEXT_ENCODER, 'conditioner.embedders.1.'],
  ['cond_stage_model.', 'conditioner.embedders.0.'],
] as const;

/** The same tensors, those of SDXL's text encoders by the names of Stability AI. */
export function withOriginalPrefixes(tensors: Tensors): Tensors {
  if (![...tensors.keys()].some((key) => key.startsWith(SECOND_TEXT_ENCODER))) return tensors;
  return new Map(
    [...tensors].map(([key, tensor]) => {
      const [found, original] = RENAMED.find(([prefix]) => key.startsWith(prefix)) ?? ['', ''];
      return [original + key.slice(found.length), tensor];
    }),
  );
}

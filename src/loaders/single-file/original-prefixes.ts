import type { Tensors } from '../../checkpoint/weights.ts';

/** Prefixes by which stable-diffusion.cpp replaces those of SDXL's text encoders (name_conversion.cpp, `convert_tensor_name`). */
const SECOND_TEXT_ENCODER = 'cond_stage_model.1.';
const RENAMED = [
  [SECOND_TEXT_ENCODER, 'conditioner.embedders.1.'],
  ['cond_stage_model.', 'conditioner.embedders.0.'],
] as const;

/** Where stable-diffusion.cpp puts both kinds of text encoders; OpenCLIP's has three matrices in one, or another width. */
const OPEN_CLIP = 'cond_stage_model.transformer.text_model.';
const OPEN_CLIP_WIDTH = 1024;

/** Whether it is Stable Diffusion 2 by stable-diffusion.cpp's names (name_conversion.cpp, `convert_open_clip_to_hf_clip_name`). */
export function isRenamedSd2(tensors: Tensors): boolean {
  const [, width] = tensors.get(`${OPEN_CLIP}embeddings.token_embedding.weight`)?.shape ?? [];
  if (width === OPEN_CLIP_WIDTH) return true;
  return tensors.has(`${OPEN_CLIP}encoder.layers.0.self_attn.in_proj.weight`);
}

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

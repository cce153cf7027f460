import { readComfyPrompt } from '../comfyui.ts';

// Graphs as ComfyUI's API wants them (script_examples), built from the inputs in its nodes.py and comfy_extras.

/** A node's inputs by name: values, or links `[id, output]`. */
export type Inputs = Readonly<Record<string, unknown>>;
export const node = (class_type: string, inputs: Inputs) => ({ class_type, inputs });
/** A KSampler in `GRAPH`. */
export const sampler = (inputs: Inputs = {}) =>
  node('KSampler', {
    ...{ seed: 1, steps: 20, cfg: 7, sampler_name: 'euler', scheduler: 'normal', denoise: 1 },
    ...{ model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0], ...inputs },
  });
/** Text to image: the least that ComfyUI runs. */
export const GRAPH = {
  '3': sampler(),
  '4': node('CheckpointLoaderSimple', { ckpt_name: 'model.safetensors' }),
  '5': node('EmptyLatentImage', { width: 512, height: 768, batch_size: 1 }),
  '6': node('CLIPTextEncode', { text: 'a cat', clip: ['4', 1] }),
  '7': node('CLIPTextEncode', { text: 'a dog', clip: ['4', 1] }),
};
/** The settings in `GRAPH` with these nodes more, or instead. */
export const read = (graph: object) => readComfyPrompt(JSON.stringify({ ...GRAPH, ...graph }));

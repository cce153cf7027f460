import type { SettingsNote } from '../../protocol/picture-settings.ts';
import { isOff, noCounterpart } from '../settings/settings-notes.ts';
import { type ComfyGraph, type Node, PIPES } from './graph.ts';

/** Samplers whose inputs are those of ComfyUI's own, and what they have beside them; whatever another one does has no other name. */
const KSAMPLERS = /^(Impact)?(KSampler|SamplerCustom)|^(easy|ttN) /;
/** Inputs that are read, or that only say what becomes of the picture; the empty one is a drawing's, for the next seed. */
const KNOWN: ReadonlySet<string> = new Set([
  ...['seed', 'noise_seed', 'steps', 'cfg', 'sampler_name', 'scheduler', 'denoise', 'add_noise'],
  ...['start_at_step', 'end_at_step', 'refine_at_step', 'return_with_leftover_noise', 'noise_mode'],
  ...['model', 'positive', 'negative', 'latent_image', 'noise', 'guider', 'sampler', 'sigmas', ...PIPES],
  ...['vae', 'optional_vae', 'preview_method', 'vae_decode', 'image_output', 'link_id', 'save_prefix'],
  ...['file_type', 'embed_workflow', 'batch_seed_mode', 'base_seed', ''],
]);
/** Inputs that only count beside another one. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  variation_strength: ['variation_seed', 'variation_method'],
  lora_name: ['lora_strength', 'lora_model_strength', 'lora_clip_strength'],
  upscale_method: [
    'upscale_model_name',
    'factor',
    'rescale',
    'percent',
    'width',
    'height',
    'longer_side',
    'crop',
  ],
};

/**
 * Notes what else shapes the picture at the sampler: its other inputs (a script of the Efficiency Nodes, Inspire's
 * variations), and a guider or a noise of another kind.
 */
export function samplerNotes(graph: ComfyGraph, node: Node): readonly SettingsNote[] {
  const parts = [graph.linked(node, 'guider'), graph.linked(node, 'noise')].flatMap((part) =>
    part && !/^(CFGGuider|BasicGuider|RandomNoise)$/.test(part.class_type)
      ? noCounterpart(part.class_type)
      : [],
  );
  if (!KSAMPLERS.test(node.class_type)) return [noCounterpart(node.class_type), ...parts];
  const unused = Object.entries(BESIDE).flatMap(([name, names]) =>
    isOff(node.inputs[name] ?? null) ? names : [],
  );
  const others = Object.entries(node.inputs).flatMap(([name, own]) => {
    if (KNOWN.has(name) || unused.includes(name)) return [];
    const value =
      typeof own === 'boolean' ? own : (graph.value(node, [name]) ?? graph.linked(node, name)?.class_type);
    return isOff(value ?? null) ? [] : noCounterpart(`${name}: ${value}`);
  });
  return [...parts, ...others];
}

/** Inspire's samplers may make A1111's noise, on the GPU. */
export const noiseOf = ({ inputs }: Node): 'cpu' | 'gpu' =>
  String(inputs.noise_mode).startsWith('GPU') ? 'gpu' : 'cpu';

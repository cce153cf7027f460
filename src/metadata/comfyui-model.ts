import type { SettingsNote } from '../protocol/picture-settings.ts';
import { shortName } from './accept-settings.ts';
import type { ComfyGraph, Node } from './comfyui-graph.ts';
import { PIPES } from './comfyui-text.ts';
import { fileStem, loraTags, type NamedLora } from './lora-tag.ts';
import { skipOfLayer, UNSAID, weightOf } from './setting-values.ts';

const CHECKPOINT = ['ckpt_name', 'unet_name', 'base_ckpt_name'] as const;

const MAX_LORAS = 100;

/** The checkpoint, and what changes it on the way to a sampler. */
export function modelChain(graph: ComfyGraph, sampler: Node, encoder: Node | undefined) {
  let loras: readonly NamedLora[] = [];
  const notes: SettingsNote[] = [];
  let name: string | undefined;
  let rescale: number | string | undefined;
  const textChain = encoder && new Set(graph.chain(encoder, ['clip']));
  for (const node of graph.chain(sampler, ['model', ...PIPES])) {
    const checkpoint = graph.value(node, CHECKPOINT);
    const ofNode = lorasOf(graph, node, textChain);
    loras = [...ofNode, ...loras].slice(0, MAX_LORAS);
    if (typeof checkpoint === 'string') name = fileStem(checkpoint);
    if (node.class_type === 'RescaleCFG') rescale = graph.value(node, ['multiplier']) ?? 'unknown';
    else if (
      typeof checkpoint !== 'string' &&
      !isLoraNode(node) &&
      !/^Reroute|pipe|context/i.test(node.class_type)
    )
      notes.push({ kind: 'no-counterpart', name: shortName(node.class_type) });
  }
  const tags = loraTags(loras);
  return { name, tags: tags.tags, rescale, notes: [...notes, ...tags.notes] };
}

const isLoraNode = ({ inputs, class_type }: Node) =>
  'lora_name' in inputs || class_type.startsWith('Power Lora');

/** The LoRAs of a loader: ComfyUI's own, an Efficient Loader, rgthree's Power Lora Loader. */
function lorasOf(graph: ComfyGraph, node: Node, textChain: ReadonlySet<Node> | undefined): NamedLora[] {
  const { inputs, class_type } = node;
  const number = (names: readonly string[]) =>
    names.some((name) => name in inputs) ? Number(graph.value(node, names) ?? Number.NaN) : undefined;
  // A LoRA whose text encoder nobody uses changes only the UNet.
  const isTextUnchanged =
    class_type === 'LoraLoaderModelOnly' || (textChain && 'clip' in inputs && !textChain.has(node));
  const own = graph.value(node, ['lora_name']);
  if (typeof own === 'string' && own !== 'None') {
    const weight = number(['strength_model', 'lora_model_strength']) ?? 1;
    const ofText = number(['strength_clip', 'lora_clip_strength']) ?? weight;
    return [{ name: own, weight, textEncoderWeight: isTextUnchanged ? 0 : ofText }];
  }
  if ('lora_name' in inputs && own === undefined) return [{ name: '', weight: Number.NaN }];
  return Object.values(inputs).flatMap((value) => {
    const { on, lora, strength, strengthTwo } = (value ?? {}) as Readonly<Record<string, unknown>>;
    if (on !== true || typeof lora !== 'string') return [];
    const weight = weightOf(strength);
    return { name: lora, weight, textEncoderWeight: isTextUnchanged ? 0 : weightOf(strengthTwo ?? weight) };
  });
}

/** The layers that an encoder's text encoder leaves out; undefined if that cannot be found out. */
export function clipSkip(graph: ComfyGraph, encoder: Node): unknown {
  const chain = [encoder, ...graph.chain(encoder, ['clip'])];
  const setter = chain.find(({ inputs }) => LAYERS.some((name) => name in inputs));
  if (setter) return skipOfLayer(graph.value(setter, LAYERS));
  const isFromLoader = chain.some(({ inputs }) =>
    Object.keys(inputs).some((name) => /(ckpt|clip)_name\d?$/.test(name)),
  );
  return isFromLoader ? UNSAID.clipSkip : undefined;
}

const LAYERS = ['stop_at_clip_layer', 'clip_skip'] as const;

/** The file of the VAE that decodes what a sampler made; undefined if it is the checkpoint's own. */
export function vaeName(graph: ComfyGraph, sampler: Node): string | undefined {
  const decoder = graph.nodes.find(
    (node) =>
      'vae' in node.inputs &&
      'samples' in node.inputs &&
      graph.chain(node, ['samples', 'latent_image']).includes(sampler),
  );
  const loader = decoder && graph.chain(decoder, ['vae', ...PIPES]).at(-1);
  const name = loader && graph.value(loader, ['vae_name']);
  return typeof name === 'string' && name !== 'Baked VAE' ? fileStem(name) : undefined;
}

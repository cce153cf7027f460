import type { SettingsNote } from '../../protocol/picture-settings.ts';
import { fileStem, loraTags, type NamedLora } from '../settings/lora-tag.ts';
import { skipOfLayer, UNSAID, weightOf } from '../settings/setting-values.ts';
import { noCounterpart } from '../settings/settings-notes.ts';
import type { FoundPart } from '../settings/steering.ts';
import { type ComfyGraph, type Node, PIPES } from './graph.ts';
import { ipAdapter, isIpAdapterNode } from './ip-adapters.ts';

const CHECKPOINT = ['ckpt_name', 'unet_name', 'base_ckpt_name'] as const;
const CLIP = ['clip_name', 'ckpt_name', 'base_ckpt_name'] as const;

const MAX_LORAS = 100;

/** The nodes that encode the two prompts, if they are known. */
interface Encoders {
  readonly positive: Node | undefined;
  readonly negative: Node | undefined;
}

/** The checkpoint, the text encoder if it is another's, and what changes them on the way to a sampler. */
export function modelChain(graph: ComfyGraph, sampler: Node, encoders: Encoders) {
  const chain = graph.chain(sampler, ['model', ...PIPES]);
  const positive = encoders.positive && clipChain(graph, encoders.positive);
  const negative = encoders.negative && clipChain(graph, encoders.negative);
  const notes: SettingsNote[] = [];
  const adapters: FoundPart[] = [];
  let loras: readonly NamedLora[] = [];
  let name: string | undefined;
  let rescale: number | string | undefined;
  for (const node of chain) {
    const checkpoint = graph.value(node, CHECKPOINT);
    loras = [...lorasOf(graph, node, positive), ...loras].slice(0, MAX_LORAS);
    if (typeof checkpoint === 'string') name = fileStem(checkpoint);
    const refiner = graph.value(node, ['refiner_ckpt_name']) ?? 'None';
    if (refiner !== 'None') notes.push(noCounterpart(`refiner_ckpt_name: ${refiner}`));
    const dtype = graph.value(node, ['weight_dtype']);
    if (dtype !== undefined && dtype !== 'default') notes.push(noCounterpart(`weight_dtype: ${dtype}`));
    if (node.class_type === 'RescaleCFG') rescale = graph.value(node, ['multiplier']) ?? 'unknown';
    else if (isIpAdapterNode(node)) adapters.unshift(ipAdapter(graph, node));
    else if (typeof checkpoint !== 'string' && !isLoraNode(node) && !isPassing(node))
      notes.push(noCounterpart(node.class_type));
  }
  const ofText = textOnlyLoras(graph, chain, positive, negative);
  const tags = loraTags([...loras, ...ofText.loras]);
  const clip = clipOrigin(graph, chain.at(-1), positive, negative);
  return {
    name,
    textEncoder: clip.textEncoder,
    tags: tags.tags,
    rescale,
    adapters,
    notes: [...notes, ...tags.notes, ...ofText.notes, ...clip.notes],
  };
}

const clipChain = (graph: ComfyGraph, encoder: Node): readonly Node[] => [
  encoder,
  ...graph.chain(encoder, ['clip', ...PIPES]),
];

const isLoraNode = ({ inputs, class_type }: Node) =>
  'lora_name' in inputs || class_type.startsWith('Power Lora');
const isPassing = ({ class_type }: Node) => /^Reroute|pipe|context/i.test(class_type);

/** The LoRAs of a loader: ComfyUI's own, an Efficient Loader, rgthree's Power Lora Loader. */
function lorasOf(graph: ComfyGraph, node: Node, textChain: readonly Node[] | undefined): NamedLora[] {
  const { inputs, class_type } = node;
  const number = (names: readonly string[]) =>
    names.some((name) => name in inputs) ? Number(graph.value(node, names) ?? Number.NaN) : undefined;
  // A LoRA whose text encoder nobody uses changes only the UNet.
  const isTextUnchanged =
    class_type === 'LoraLoaderModelOnly' || (textChain && 'clip' in inputs && !textChain.includes(node));
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

/** The LoRAs that change only a text encoder, and notes of those that change it for one of the prompts only. */
function textOnlyLoras(
  graph: ComfyGraph,
  models: readonly Node[],
  positive: readonly Node[] = [],
  negative: readonly Node[] = positive,
) {
  const ofNode = (node: Node) => lorasOf(graph, node, undefined);
  const loras = positive
    .filter((node) => isLoraNode(node) && !models.includes(node))
    .flatMap(ofNode)
    .map((lora) => ({ ...lora, textEncoderWeight: lora.textEncoderWeight ?? lora.weight, weight: 0 }));
  const only = (side: string, those: readonly Node[], others: readonly Node[]) =>
    those
      .filter((node) => isLoraNode(node) && !others.includes(node))
      .flatMap(ofNode)
      .map(({ name }) => noCounterpart(`LoRA ${fileStem(name)} (${side} prompt only)`));
  return {
    loras: loras.slice(0, MAX_LORAS),
    notes: [...only('positive', positive, negative), ...only('negative', negative, positive)].slice(
      0,
      MAX_LORAS,
    ),
  };
}

/** Where the text encoders come from, if that is not the model's own checkpoint, and what changes them. */
function clipOrigin(
  graph: ComfyGraph,
  model: Node | undefined,
  positive: readonly Node[] | undefined,
  negative: readonly Node[] | undefined,
): { readonly textEncoder?: string; readonly notes: readonly SettingsNote[] } {
  const changes = [...new Set([...(positive?.slice(1) ?? []), ...(negative?.slice(1) ?? [])])].filter(
    (node) => !isClipLoader(node) && !isLoraNode(node) && !isPassing(node) && !isSkipNode(node),
  );
  const notes = changes.map(({ class_type }) => noCounterpart(class_type));
  const [own, ofPositive, ofNegative] = [model, positive?.at(-1), negative?.at(-1)].map(
    (node) => node && clipNames(graph, node),
  );
  const [first, second] = ofPositive ?? [];
  if (ofNegative && ofPositive && ofNegative.join() !== ofPositive.join())
    notes.push(noCounterpart(`CLIP of the negative prompt: ${ofNegative.join(', ')}`));
  if (first === undefined || ofPositive?.join() === own?.join()) return { notes };
  if (second === undefined) return { textEncoder: first, notes };
  return { notes: [...notes, noCounterpart(`CLIP: ${ofPositive?.join(', ')}`)] };
}

const isClipLoader = ({ inputs }: Node) =>
  Object.keys(inputs).some((name) => /(ckpt|clip)_name\d?$/.test(name));
const isSkipNode = ({ inputs }: Node) => LAYERS.some((name) => name in inputs);

/** The files that a loader takes its text encoders from. */
const clipNames = (graph: ComfyGraph, loader: Node): readonly string[] =>
  [CLIP, ['clip_name1'], ['clip_name2']].flatMap((names) => {
    const name = graph.value(loader, names);
    return typeof name === 'string' ? fileStem(name) : [];
  });

/** The layers that an encoder's text encoder leaves out; undefined if that cannot be found out. */
export function clipSkip(graph: ComfyGraph, encoder: Node): unknown {
  const chain = clipChain(graph, encoder);
  const setter = chain.find(isSkipNode);
  if (setter) return skipOfLayer(graph.value(setter, LAYERS));
  return chain.some(isClipLoader) ? UNSAID.clipSkip : undefined;
}

const LAYERS = ['stop_at_clip_layer', 'clip_skip', 'base_clip_skip'] as const;

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

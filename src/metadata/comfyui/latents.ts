import type { SettingsNote } from '../../protocol/picture-settings.ts';
import { noCounterpart } from '../settings/settings-notes.ts';
import { LOADERS } from './encoders.ts';
import type { ComfyGraph, Node } from './graph.ts';

/** Inputs through which nodes get latents and pictures. */
const LATENTS = /^(latent_image|latent|samples|image|images|pixels|samples_to|samples_from|pipe)$/;

const isSampler = ({ inputs }: Node) =>
  ('sampler_name' in inputs && 'steps' in inputs) || ('sampler' in inputs && 'sigmas' in inputs);

/** All samplers, and the first of them: later passes only refine its picture. */
export function findSamplers(graph: ComfyGraph): {
  readonly first: Node | undefined;
  readonly count: number;
} {
  const samplers = graph.nodes.filter(isSampler);
  const first = samplers.find((node) => ![...graph.upstream(node, LATENTS)].some(isSampler)) ?? samplers[0];
  return { first, count: samplers.length };
}

/** What a run starts from: empty latents of some size, or a picture. */
export function latents(graph: ComfyGraph, sampler: Node) {
  const sources = [...graph.upstream(sampler, LATENTS)].filter((node) => !isSampler(node));
  const changes = sources.filter(
    ({ inputs }) => 'mask' in inputs || 'samples' in inputs || 'latent' in inputs,
  );
  const batch = sources.flatMap((node) => Number(graph.value(node, ['batch_size']) ?? 1));
  const sized = sources.find(
    ({ inputs, class_type }) => SIZES.some((name) => name in inputs) || RESIZES.test(class_type),
  );
  return {
    isPicture: sources.some(({ inputs }) => 'pixels' in inputs),
    ...(sized && sizeOf(graph, sized)),
    notes: [
      ...changes.map(({ class_type }) => noCounterpart(class_type)),
      ...batch.filter((size) => size !== 1).map((size) => noCounterpart(`batch_size: ${size}`)),
    ],
  };
}

const SIZES = ['width', 'height', 'empty_latent_width', 'empty_latent_height'];
/** Nodes whose inputs are the size that they make; what others make of theirs only a run knows. */
const SIZED = /^(Empty(SD3)?LatentImage|(Latent|Image)(Upscale|Scale))$/;
/** Nodes that change a picture's size by a factor or a border. */
const RESIZES = /^Latent(UpscaleBy|Crop|Rotate)$/;

/** The size that a node makes; nothing where it cannot be found out. */
function sizeOf(graph: ComfyGraph, node: Node): { width?: string | number; height?: string | number } {
  // Loaders of node packs have a list of sizes, and use the numbers for the last of it.
  const listed = String(node.inputs.resolution ?? node.inputs.empty_latent_aspect ?? 'width x height');
  const [, width, height] = /^(\d{1,5}) ?x ?(\d{1,5})\b/.exec(listed) ?? [];
  if (width !== undefined && height !== undefined) return { width: Number(width), height: Number(height) };
  if (!SIZED.test(node.class_type) && !(LOADERS.test(node.class_type) && /^\D+ x \D+$/.test(listed)))
    return {};
  const found = {
    width: graph.value(node, ['width', 'empty_latent_width']),
    height: graph.value(node, ['height', 'empty_latent_height']),
  };
  return {
    ...(found.width !== undefined && { width: found.width }),
    ...(found.height !== undefined && { height: found.height }),
  };
}

/** What only decodes, shows, saves or passes on. */
const ONLY_SHOWS =
  /^(VAE|Reroute|easy (full)?kSampler)|save|preview|show|display|compar|pipe|context|switch/i;

/** Notes what changed the picture after the first sampler. */
export const afterwards = (graph: ComfyGraph, sampler: Node): readonly SettingsNote[] =>
  [...graph.downstream(sampler, LATENTS)]
    .filter((node) => !isSampler(node) && !ONLY_SHOWS.test(node.class_type))
    .map(({ class_type }) => noCounterpart(class_type));

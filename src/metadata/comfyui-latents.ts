import type { SettingsNote } from '../protocol/picture-settings.ts';
import { shortName } from './accept-settings.ts';
import type { ComfyGraph, Node } from './comfyui-graph.ts';

/** Inputs through which nodes get latents and pictures. */
const LATENTS = /^(latent_image|latent|samples|image|images|pixels|samples_to|samples_from|pipe)$/;

export const isSampler = ({ inputs }: Node) =>
  ('sampler_name' in inputs && 'steps' in inputs) || ('sampler' in inputs && 'sigmas' in inputs);

const noCounterpart = (name: string): SettingsNote => ({ kind: 'no-counterpart', name: shortName(name) });

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
  const of = (names: readonly string[]) => {
    const sized = sources.find(
      ({ inputs, class_type }) => names.some((name) => name in inputs) || RESIZES.test(class_type),
    );
    return sized && graph.value(sized, names);
  };
  return {
    isPicture: sources.some(({ inputs }) => 'pixels' in inputs),
    width: of(['width', 'empty_latent_width']),
    height: of(['height', 'empty_latent_height']),
    notes: [
      ...changes.map(({ class_type }) => noCounterpart(class_type)),
      ...batch.filter((size) => size !== 1).map((size) => noCounterpart(`batch_size: ${size}`)),
    ],
  };
}

/** Nodes that change a picture's size by a factor or a border. */
const RESIZES = /^Latent(UpscaleBy|Crop|Rotate)$/;

/** What only decodes, shows, saves or passes on. */
const ONLY_SHOWS = /^(VAE|Save|Preview|Image Save|Reroute)|pipe|context|switch|compar|display/i;

/** Notes what changed the picture after the first sampler. */
export const afterwards = (graph: ComfyGraph, sampler: Node): readonly SettingsNote[] =>
  [...graph.downstream(sampler, LATENTS)]
    .filter((node) => !isSampler(node) && !ONLY_SHOWS.test(node.class_type))
    .map(({ class_type }) => noCounterpart(class_type));

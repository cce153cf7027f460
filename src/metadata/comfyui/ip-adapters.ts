import { fileStem } from '../settings/lora-tag.ts';
import { noCounterpart } from '../settings/settings-notes.ts';
import { type FoundPart, foundPrompt } from '../settings/steering.ts';
import type { ComfyGraph, Node } from './graph.ts';

/** Nodes of ComfyUI_IPAdapter_plus that put an IP-Adapter into a model, in all versions, and those that load one. */
const IP_ADAPTERS = /^IPAdapter(Apply|Simple|Advanced)?$/;
const IP_LOADERS = /^IPAdapter(ModelLoader|UnifiedLoader(Community)?)$/;
export const isIpAdapterNode = ({ class_type }: Node): boolean =>
  IP_ADAPTERS.test(class_type) || IP_LOADERS.test(class_type);

/** What its kinds of weights mean here: all blocks alike, or those of the style and of the composition. */
const PARTS: ReadonlyMap<unknown, string> = new Map([
  ...(['linear', 'standard', 'original', 'channel penalty'] as const).map((name) => [name, 'all'] as const),
  ['style transfer', 'style'],
  ['style transfer (SDXL)', 'style'],
  ['composition', 'layout'],
  ['composition (SDXL)', 'layout'],
  ['style and composition', 'style-and-layout'],
]);

/** The IP-Adapter of a node, with notes of what it has beside what there is here. */
export function ipAdapter(graph: ComfyGraph, node: Node): FoundPart {
  if (!IP_ADAPTERS.test(node.class_type)) return { notes: [] };
  const loader = graph.linked(node, 'ipadapter');
  const file = loader && graph.value(loader, ['ipadapter_file']);
  const weight = graph.said(node, 'weight');
  const preset = loader && graph.value(loader, ['preset']);
  // Which file a preset means depends on the model, and on what is on that machine.
  if (file === undefined) return { notes: [noCounterpart(`IP-Adapter ${preset ?? ''}: ${weight}`)] };
  const [start, end] = [graph.said(node, 'start_at', 0), graph.said(node, 'end_at', 1)];
  const kind = graph.value(node, ['weight_type']);
  const parts = kind === undefined ? 'all' : PARTS.get(kind);
  const adapter = fileStem(String(file));
  const found = foundPrompt(adapter, { scale: weight, start, end }, parts ?? 'all');
  const others = ['attn_mask', 'image_negative'].filter((input) => graph.linked(node, input));
  return {
    ...found,
    notes: [
      ...found.notes,
      ...(parts === undefined ? [noCounterpart(`${adapter} ${kind}`)] : []),
      ...others.map((input) => noCounterpart(`${adapter} ${input}`)),
    ],
  };
}

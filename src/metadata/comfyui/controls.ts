import { fileStem } from '../settings/lora-tag.ts';
import { noCounterpart } from '../settings/settings-notes.ts';
import { type FoundPart, findPreprocessor, foundLayer } from '../settings/steering.ts';
import { UNION_KINDS } from '../settings/union-kinds.ts';
import { type ComfyGraph, type Node, PIPES } from './graph.ts';

/** Nodes that put a ControlNet or T2I-Adapter into a conditioning: ComfyUI's own and Advanced-ControlNet's. */
const APPLIES = /^(ControlNetApply(Advanced|SD3)?|ACN_AdvancedControlNetApply(SingleV2|_v2)?)$/;
/** Whether a node is read here, where others of its chain are named. */
export const isControlNode = ({ class_type }: Node): boolean => APPLIES.test(class_type);

const CONDITIONINGS = new RegExp(`^(positive|negative|cond.*|${PIPES.join('|')})$`);
const MAX_LAYERS = 50;

/** The layers on the way to a sampler or guider, the nearest to the text first. */
export function controlLayers(graph: ComfyGraph, guider: Node): readonly FoundPart[] {
  const nodes = [...graph.upstream(guider, CONDITIONINGS)].filter(isControlNode);
  return nodes
    .slice(0, MAX_LAYERS)
    .reverse()
    .map((node) => controlLayer(graph, node));
}

function controlLayer(graph: ComfyGraph, node: Node): FoundPart {
  const chain = graph.chain(node, ['control_net']);
  const name = chain.map((one) => graph.value(one, ['control_net_name'])).find((one) => one !== undefined);
  if (name === undefined) return { notes: [noCounterpart(node.class_type)] };
  const model = fileStem(String(name));
  const scale = graph.said(node, 'strength');
  const [start, end] = [graph.said(node, 'start_percent', 0), graph.said(node, 'end_percent', 1)];
  const type = chain.map((one) => one.class_type === 'SetUnionControlNetType' && graph.value(one, ['type']));
  const kind = UNION_KINDS.findIndex(([, word]) => type.includes(word));
  const found = foundLayer(model, { scale, start, end }, { controlMode: kind < 0 ? null : kind });
  const made = preprocessorOf(graph, node);
  const others = ['mask_optional', 'mask', 'timestep_kf', 'weights_override'].filter((input) =>
    graph.linked(node, input),
  );
  return {
    control: { ...found.control, preprocessor: made.preprocessor },
    notes: [...made.notes, ...others.map((input) => noCounterpart(`${model} ${input}`))],
  };
}

/** Nodes that only bring a picture, or change its size. */
const BRINGS = /load|resize|scale|crop|reroute|primitive|pipe|preview|batch|get|set|convert/i;

/** What made the map of the picture: nodes of comfyui_controlnet_aux end in Preprocessor, ComfyUI's own is called Canny. */
function preprocessorOf(graph: ComfyGraph, node: Node) {
  const makers = graph
    .chain(node, ['image', 'images', 'pixels'])
    .filter(({ class_type }) => !BRINGS.test(class_type));
  const [first, ...more] = makers.map((maker) =>
    String(graph.value(maker, ['preprocessor']) ?? maker.class_type),
  );
  const made = findPreprocessor((first ?? 'none').replace(/-?(Edge)?Preprocessor$/i, ''));
  return { ...made, notes: [...made.notes, ...more.map(noCounterpart)] };
}

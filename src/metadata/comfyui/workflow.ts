import * as v from 'valibot';

const APPLIED = ['strength', 'start_percent', 'end_percent'] as const;

/**
 * The inputs of ComfyUI's own nodes that are widgets, in the order of `widgets_values` (nodes.py, INPUT_TYPES), and of two node packs
 * that steer: Advanced-ControlNet and IPAdapter_plus. Empty names stand for what happens to a seed after a run.
 */
const WIDGETS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    KSampler: ['seed', '', 'steps', 'cfg', 'sampler_name', 'scheduler', 'denoise'],
    KSamplerAdvanced: [
      ...['add_noise', 'noise_seed', '', 'steps', 'cfg', 'sampler_name', 'scheduler'],
      ...['start_at_step', 'end_at_step', 'return_with_leftover_noise'],
    ],
    CLIPTextEncode: ['text'],
    CLIPTextEncodeSDXL: [
      ...['width', 'height', 'crop_w', 'crop_h', 'target_width', 'target_height', 'text_g', 'text_l'],
    ],
    StringConcatenate: ['string_a', 'string_b', 'delimiter'],
    PrimitiveString: ['value'],
    PrimitiveStringMultiline: ['value'],
    CLIPSetLastLayer: ['stop_at_clip_layer'],
    EmptyLatentImage: ['width', 'height', 'batch_size'],
    CheckpointLoaderSimple: ['ckpt_name'],
    LoraLoader: ['lora_name', 'strength_model', 'strength_clip'],
    LoraLoaderModelOnly: ['lora_name', 'strength_model'],
    VAELoader: ['vae_name'],
    PrimitiveNode: ['value'],
    PrimitiveInt: ['value'],
    PrimitiveFloat: ['value'],
    UNETLoader: ['unet_name', 'weight_dtype'],
    CLIPLoader: ['clip_name', 'type'],
    DualCLIPLoader: ['clip_name1', 'clip_name2', 'type'],
    RescaleCFG: ['multiplier'],
    KSamplerSelect: ['sampler_name'],
    BasicScheduler: ['scheduler', 'steps', 'denoise'],
    RandomNoise: ['noise_seed'],
    CFGGuider: ['cfg'],
    ControlNetLoader: ['control_net_name'],
    ControlNetApply: ['strength'],
    ControlNetApplyAdvanced: APPLIED,
    ControlNetApplySD3: APPLIED,
    ACN_AdvancedControlNetApply: APPLIED,
    ACN_AdvancedControlNetApply_v2: APPLIED,
    ACN_AdvancedControlNetApplySingleV2: APPLIED,
    SetUnionControlNetType: ['type'],
    IPAdapterModelLoader: ['ipadapter_file'],
    IPAdapter: ['weight', 'start_at', 'end_at', 'weight_type'],
    IPAdapterAdvanced: ['weight', 'weight_type', 'combine_embeds', 'start_at', 'end_at', 'embeds_scaling'],
    SamplerCustom: ['add_noise', 'noise_seed', '', 'cfg'],
  }),
);

const Id = v.union([v.string(), v.number()]);
const Workflow = v.object({
  nodes: v.pipe(v.array(v.unknown()), v.maxLength(5000)),
  links: v.pipe(v.array(v.unknown()), v.maxLength(20_000)),
});
const Input = v.object({ name: v.string(), type: v.optional(v.unknown()), link: v.nullish(v.number()) });
const WorkflowNode = v.object({
  id: Id,
  type: v.string(),
  mode: v.optional(v.number(), 0),
  inputs: v.optional(v.array(Input), []),
  // Some nodes have their widgets by name, or none.
  widgets_values: v.fallback(v.array(v.unknown()), []),
});
type WorkflowNode = v.InferOutput<typeof WorkflowNode>;
/** The link's number, then the node and the output that it comes from, its target, and what it carries. */
const WorkflowLink = v.looseTuple([v.number(), Id, v.number()]);
type WorkflowLink = v.InferOutput<typeof WorkflowLink>;

/** `mode` of nodes that do not run (litegraph): never, and bypassed, where what comes in goes out by its type. */
const [NEVER, BYPASSED] = [2, 4];
/** Bypassed nodes in a row. */
const MAX_PASSED = 100;

/** Texts in which a run replaces `{a|b}` by chance and leaves out comments; the file has them as written. */
const isReplaced = (name: string, value: unknown) =>
  /^(text|string|value)/.test(name) && typeof value === 'string' && /\{|\/[*/]/.test(value);

/** Turns a graph as ComfyUI draws it into the entries of an API graph, of the nodes that run; null for anything else. */
export function workflowEntries(json: unknown): readonly (readonly [string, unknown])[] | null {
  const workflow = v.safeParse(Workflow, json);
  if (!workflow.success) return null;
  const links = new Map<number, WorkflowLink>();
  for (const entry of workflow.output.links) {
    const link = v.safeParse(WorkflowLink, entry);
    if (link.success) links.set(link.output[0], link.output);
  }
  const nodes = new Map<string, WorkflowNode>();
  for (const entry of workflow.output.nodes) {
    const node = v.safeParse(WorkflowNode, entry);
    if (node.success) nodes.set(String(node.output.id), node.output);
  }
  return [...nodes].flatMap(([id, { type, mode, inputs, widgets_values: values }]) => {
    if (mode === NEVER || mode === BYPASSED) return [];
    const widgets = (WIDGETS.get(type) ?? []).map(
      (name, i) => [name, isReplaced(name, values[i]) ? undefined : values[i]] as const,
    );
    const linked = inputs.flatMap(({ name, link }) => {
      const source = sourceOf(links.get(link ?? Number.NaN), links, nodes);
      return source ? [[name, [source[1], source[2]]] as const] : [];
    });
    return [[id, { class_type: type, inputs: Object.fromEntries([...widgets, ...linked]) }] as const];
  });
}

/** Nodes of the drawing alone, which hand on what comes in: ComfyUI's own, and KJNodes' pairs of one name. */
const PASSES = /^(Reroute|SetNode|GetNode)$/;

/** The node whose input such a node hands on. */
function passedBy(node: WorkflowNode, nodes: ReadonlyMap<string, WorkflowNode>): WorkflowNode | undefined {
  if (node.type !== 'GetNode') return node;
  const [name] = node.widgets_values;
  return [...nodes.values()].find(({ type, widgets_values: [own] }) => type === 'SetNode' && own === name);
}

/** The link by which a value really comes: through bypassed nodes by their first input of the same type, if they have one. */
function sourceOf(
  link: WorkflowLink | undefined,
  links: ReadonlyMap<number, WorkflowLink>,
  nodes: ReadonlyMap<string, WorkflowNode>,
): WorkflowLink | undefined {
  let at = link;
  for (let passed = 0; at && passed < MAX_PASSED; passed++) {
    const node = nodes.get(String(at[1]));
    if (node?.mode === NEVER) return undefined;
    if (node && PASSES.test(node.type)) {
      at = links.get(passedBy(node, nodes)?.inputs[0]?.link ?? Number.NaN);
      continue;
    }
    if (node?.mode !== BYPASSED) return at;
    const [, , slot, , , type] = at;
    const isSame = (one: v.InferOutput<typeof Input> | undefined) =>
      one !== undefined &&
      type !== undefined &&
      (one.type ?? links.get(one.link ?? Number.NaN)?.[5]) === type;
    const input = [node.inputs[slot], ...node.inputs].find(isSame);
    at = links.get(input?.link ?? Number.NaN);
  }
  return undefined;
}

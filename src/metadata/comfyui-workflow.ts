import * as v from 'valibot';

/**
 * The inputs of ComfyUI's own nodes that are widgets, in the order of `widgets_values` (nodes.py, INPUT_TYPES). Empty names
 * stand for what happens to a seed after a run.
 */
const WIDGETS: Readonly<Record<string, readonly string[]>> = {
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
};

const Id = v.union([v.string(), v.number()]);
const Workflow = v.object({
  nodes: v.pipe(v.array(v.unknown()), v.maxLength(5000)),
  links: v.pipe(v.array(v.unknown()), v.maxLength(20_000)),
});
const WorkflowNode = v.object({
  id: Id,
  type: v.string(),
  inputs: v.optional(v.array(v.object({ name: v.string(), link: v.nullish(v.number()) })), []),
  widgets_values: v.optional(v.array(v.unknown()), []),
});
/** The link's number, then the node and the output that it comes from. */
const WorkflowLink = v.looseTuple([v.number(), Id, v.number()]);

/** Turns a graph as ComfyUI draws it into the entries of an API graph; null for anything else. */
export function workflowEntries(json: unknown): readonly (readonly [string, unknown])[] | null {
  const workflow = v.safeParse(Workflow, json);
  if (!workflow.success) return null;
  const links = new Map<number, readonly [string | number, number]>();
  for (const entry of workflow.output.links) {
    const link = v.safeParse(WorkflowLink, entry);
    if (link.success) links.set(link.output[0], [link.output[1], link.output[2]]);
  }
  return workflow.output.nodes.flatMap((entry) => {
    const node = v.safeParse(WorkflowNode, entry);
    if (!node.success) return [];
    const { id, type, inputs, widgets_values: values } = node.output;
    const widgets = (WIDGETS[type] ?? []).map((name, i) => [name, values[i]] as const);
    const linked = inputs.flatMap(({ name, link }) => {
      const source = typeof link === 'number' ? links.get(link) : undefined;
      return source ? [[name, source] as const] : [];
    });
    return [[String(id), { class_type: type, inputs: Object.fromEntries([...widgets, ...linked]) }] as const];
  });
}

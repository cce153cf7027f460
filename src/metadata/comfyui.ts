import * as v from 'valibot';
import type { PictureSettings, SettingsNote } from '../protocol/picture-settings.ts';
import { acceptSettings, shortName } from './accept-settings.ts';
import { ComfyGraph, type Node, parseGraphJson } from './comfyui-graph.ts';
import { workflowEntries } from './comfyui-workflow.ts';
import { fileStem, loraTag } from './lora-tag.ts';
import { findSampler } from './samplers.ts';

/** The settings in the graph that ComfyUI ran (`prompt`); null for a graph without a sampler. */
export function readComfyPrompt(text: string): PictureSettings | null {
  const json = parseGraphJson(text);
  const graph = v.safeParse(v.record(v.string(), v.unknown()), json);
  return graph.success ? readGraph(new ComfyGraph(Object.entries(graph.output))) : null;
}

/** The settings in the graph as ComfyUI draws it (`workflow`), if its nodes are ComfyUI's own; else null. */
export function readComfyWorkflow(text: string): PictureSettings | null {
  const entries = workflowEntries(parseGraphJson(text));
  return entries && readGraph(new ComfyGraph(entries));
}

/** Inputs through which a sampler gets its first latents. */
const LATENTS = /^(latent_image|latent|samples|image|images|pixels|samples_to|samples_from)$/;

const isSampler = ({ inputs }: Node) =>
  ('sampler_name' in inputs && 'steps' in inputs) || ('sampler' in inputs && 'sigmas' in inputs);

function readGraph(graph: ComfyGraph): PictureSettings | null {
  const samplers = graph.nodes.filter(isSampler);
  // Later passes only refine the picture of the first.
  const first = samplers.find((node) => ![...graph.upstream(node, LATENTS)].some(isSampler)) ?? samplers[0];
  if (!first) return null;
  const notes: SettingsNote[] = [];
  if (samplers.length > 1) notes.push({ kind: 'no-counterpart', name: `${samplers.length} sampling passes` });

  const guider = graph.linked(first, 'guider') ?? first;
  const positive = encoders(graph, guider, 'positive');
  const negative = encoders(graph, guider, 'negative');
  const model = modelChain(graph, guider);
  const start = latents(graph, first);
  const schedule = scheduling(graph, first);
  const { scheduler, notes: samplerNotes } = findSampler(schedule.sampler, schedule.schedule);
  const strength = start.isPicture ? schedule.denoise : undefined;
  if (start.isPicture) notes.push({ kind: 'began-with-picture' });

  const prompt = positive.map((node) => comfyText(graph, node)).join(', ');
  return acceptSettings(
    'ComfyUI',
    {
      prompt: [prompt, ...model.loras].filter((text) => text !== '').join(' '),
      negativePrompt: negative.map((node) => comfyText(graph, node)).join(', '),
      model: model.name,
      vae: vaeName(graph),
      numInferenceSteps: wholeSteps(schedule.steps, strength),
      scheduler,
      guidanceScale: graph.value(guider, ['cfg']) ?? 1,
      guidanceRescale: model.rescale,
      seed: torchSeed(graph.value(graph.linked(first, 'noise') ?? first, ['seed', 'noise_seed'])),
      noise: 'cpu',
      width: start.width,
      height: start.height,
      strength,
      clipSkip: clipSkip(graph, positive[0]),
    },
    [...notes, ...samplerNotes, ...model.notes],
  );
}

/** The nodes whose texts reach an input, through any nodes in between that combine or change conditionings. */
function encoders(graph: ComfyGraph, from: Node, input: 'positive' | 'negative'): readonly Node[] {
  const names = new RegExp(`^(${input}|cond.*)$`);
  const begin =
    graph.linked(from, input) ?? (input === 'positive' ? graph.linked(from, 'conditioning') : undefined);
  if (!begin) return [];
  const holdsText = (node: Node) =>
    node.class_type !== 'ConditioningZeroOut' && graph.value(node, TEXT_INPUTS) !== undefined;
  return holdsText(begin) ? [begin] : [...graph.upstream(begin, names)].filter(holdsText);
}

/** Inputs of CLIPTextEncode and of its variants for two text encoders. */
const TEXT_INPUTS = ['text', 'text_g', 'text_l', 'prompt'] as const;

/** A prompt as Safelight reads it: in ComfyUI, square brackets mean nothing and embeddings are called by a prefix. */
function comfyText(graph: ComfyGraph, encoder: Node): string {
  return String(graph.value(encoder, TEXT_INPUTS) ?? '')
    .replace(/[[\]]/g, '\\$&')
    .replace(/\bembedding:([\w.-]{1,200})/g, (_, name: string) => fileStem(name));
}

/** The checkpoint, and what changes it on the way to a sampler. */
function modelChain(graph: ComfyGraph, sampler: Node) {
  const loras: string[] = [];
  const notes: SettingsNote[] = [];
  let name: string | undefined;
  let rescale: number | undefined;
  for (const node of graph.chain(sampler, 'model')) {
    const { class_type, inputs } = node;
    const lora = graph.value(node, ['lora_name']);
    const checkpoint = graph.value(node, ['ckpt_name', 'unet_name']);
    if (typeof lora === 'string') {
      const unet = Number(graph.value(node, ['strength_model']) ?? 1);
      const textEncoder = Number(graph.value(node, ['strength_clip']) ?? unet);
      const tag = loraTag(lora, unet, textEncoder);
      if (tag) loras.unshift(tag);
      else notes.push({ kind: 'no-counterpart', name: shortName(lora) });
    } else if (typeof checkpoint === 'string') name = fileStem(checkpoint);
    else if (class_type === 'RescaleCFG') rescale = Number(inputs.multiplier);
    else notes.push({ kind: 'no-counterpart', name: shortName(class_type) });
  }
  return { name, loras, rescale, notes };
}

/** What a run starts from: empty latents of some size, or a picture. */
function latents(graph: ComfyGraph, sampler: Node) {
  const sources = [...graph.upstream(sampler, LATENTS)];
  const isPicture = sources.some(({ inputs }) => 'pixels' in inputs);
  const sized = sources.find(({ inputs }) => 'width' in inputs && 'height' in inputs);
  const side = (name: string) => sized && graph.value(sized, [name]);
  return { isPicture, width: side('width'), height: side('height') };
}

/** The names of sampler and schedule, steps and denoise: on the sampler's node, or on nodes of their own. */
function scheduling(graph: ComfyGraph, node: Node) {
  const sampler = graph.linked(node, 'sampler') ?? node;
  const sigmas = graph.linked(node, 'sigmas') ?? node;
  const karras = sigmas.class_type === 'KarrasScheduler' ? 'karras' : undefined;
  const denoise = graph.value(sigmas, ['denoise']);
  return {
    sampler: String(graph.value(sampler, ['sampler_name']) ?? sampler.class_type),
    schedule: String(karras ?? graph.value(sigmas, ['scheduler']) ?? ''),
    steps: graph.value(sigmas, ['steps']),
    denoise: typeof denoise === 'number' ? denoise : 1,
  };
}

/** ComfyUI does all its steps in the part of the run that denoise leaves (comfy/samplers.py, set_steps); diffusers does only that part of them. */
function wholeSteps(steps: string | number | undefined, strength: number | undefined) {
  return typeof steps === 'number' && strength !== undefined && strength > 0
    ? Math.trunc(steps / strength)
    : steps;
}

/** torch's generator on a CPU uses the lower 32 bits of a seed. */
function torchSeed(seed: string | number | undefined): number | string | undefined {
  const text = String(seed);
  return /^\d{1,20}$/.test(text) ? Number(BigInt(text) & 0xffff_ffffn) : seed;
}

function clipSkip(graph: ComfyGraph, encoder: Node | undefined): number | undefined {
  const last = encoder && graph.chain(encoder, 'clip').find(({ inputs }) => 'stop_at_clip_layer' in inputs);
  const layer = last && graph.value(last, ['stop_at_clip_layer']);
  // −1 is the last layer: none is left out.
  return typeof layer === 'number' ? -layer - 1 : 0;
}

function vaeName(graph: ComfyGraph): string | undefined {
  const loader = graph.nodes.find(({ class_type }) => class_type === 'VAELoader');
  const name = loader && graph.value(loader, ['vae_name']);
  return typeof name === 'string' ? fileStem(name) : undefined;
}

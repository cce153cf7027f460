import * as v from 'valibot';
import type { PictureSettings, SettingsNote } from '../protocol/picture-settings.ts';
import type { SettingName } from '../protocol/settings.ts';
import { acceptSettings, shortName } from './accept-settings.ts';
import { ComfyGraph, type Node, parseGraphJson } from './comfyui-graph.ts';
import { clipSkip, modelChain, vaeName } from './comfyui-model.ts';
import { graphPrompt } from './comfyui-text.ts';
import { workflowEntries } from './comfyui-workflow.ts';
import { findSampler } from './samplers.ts';
import { torchSeed, UNSAID } from './setting-values.ts';
import { unreadNotes } from './settings-notes.ts';

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
const LATENTS = /^(latent_image|latent|samples|image|images|pixels|samples_to|samples_from|pipe)$/;

const isSampler = ({ inputs }: Node) =>
  ('sampler_name' in inputs && 'steps' in inputs) || ('sampler' in inputs && 'sigmas' in inputs);

function readGraph(graph: ComfyGraph): PictureSettings | null {
  const samplers = graph.nodes.filter(isSampler);
  // Later passes only refine the picture of the first.
  const first = samplers.find((node) => ![...graph.upstream(node, LATENTS)].some(isSampler)) ?? samplers[0];
  if (!first) return null;
  const guider = graph.linked(first, 'guider') ?? first;
  const positive = graphPrompt(graph, guider, 'positive');
  const negative = graphPrompt(graph, guider, 'negative');
  const model = modelChain(graph, guider, positive?.encoder);
  const start = latents(graph, first);
  const run = scheduling(graph, first, start.isPicture);
  const sampler = findSampler('ComfyUI', run.sampler, run.schedule);
  const prompt = positive?.text;
  const raw = {
    ...UNSAID,
    prompt:
      prompt === undefined ? undefined : [prompt, ...model.tags].filter((text) => text !== '').join(' '),
    negativePrompt: negative?.text,
    model: model.name,
    vae: vaeName(graph, first),
    numInferenceSteps: run.steps,
    scheduler: sampler.scheduler,
    guidanceScale: graph.value(guider, ['cfg']) ?? (guider.class_type === 'BasicGuider' ? 1 : undefined),
    guidanceRescale: model.rescale ?? UNSAID.guidanceRescale,
    seed: torchSeed(graph.value(graph.linked(first, 'noise') ?? first, ['seed', 'noise_seed'])),
    noise: 'cpu',
    width: start.width,
    height: start.height,
    strength: run.strength,
    clipSkip: positive?.encoder ? clipSkip(graph, positive.encoder) : UNSAID.clipSkip,
  };
  const expected: SettingName[] = ['prompt', ...(negative ? (['negativePrompt'] as const) : []), ...ALWAYS];
  if (!start.isPicture) expected.push('width', 'height');
  const notes: SettingsNote[] = [
    ...(samplers.length > 1 ? [noCounterpart(`${samplers.length} sampling passes`)] : []),
    ...(start.isPicture ? [{ kind: 'began-with-picture' } as const] : []),
    ...sampler.notes,
    ...run.notes,
    ...model.notes,
    ...(prompt === undefined ? model.tags.map(noCounterpart) : []),
    ...(positive?.notes ?? []),
    ...(negative?.notes ?? []),
  ];
  return acceptSettings('ComfyUI', raw, [...notes, ...unreadNotes(raw, expected, notes)]);
}

const ALWAYS = ['model', 'numInferenceSteps', 'guidanceScale', 'scheduler', 'seed', 'clipSkip'] as const;

const noCounterpart = (name: string): SettingsNote => ({ kind: 'no-counterpart', name: shortName(name) });

/** What a run starts from: empty latents of some size, or a picture. */
function latents(graph: ComfyGraph, sampler: Node) {
  const sources = [...graph.upstream(sampler, LATENTS)];
  const isPicture = sources.some(({ inputs }) => 'pixels' in inputs);
  const of = (names: readonly string[]) => {
    const sized = sources.find(({ inputs }) => names.some((name) => name in inputs));
    return sized && graph.value(sized, names);
  };
  return {
    isPicture,
    width: of(['width', 'empty_latent_width']),
    height: of(['height', 'empty_latent_height']),
  };
}

/** The names of sampler and schedule, and which part of the steps is done: on the sampler's node, or on nodes of their own. */
function scheduling(graph: ComfyGraph, node: Node, isFromPicture: boolean) {
  const sampler = graph.linked(node, 'sampler') ?? node;
  const between = 'sigmas' in node.inputs ? graph.chain(node, ['sigmas']) : [node];
  const sigmas = between.find(({ inputs }) => 'steps' in inputs) ?? node;
  const notes = between
    .filter((other) => other !== sigmas)
    .map(({ class_type }) => noCounterpart(class_type));
  const steps = graph.value(sigmas, ['steps']);
  const named = /^(\w+)Scheduler$/.exec(sigmas.class_type)?.[1];
  const ran = {
    sampler: String(graph.value(sampler, ['sampler_name']) ?? samplerOfClass(sampler.class_type)),
    schedule: String(graph.value(sigmas, ['scheduler']) ?? named ?? ''),
  };
  if ('start_at_step' in node.inputs) return { ...ran, ...partOfSteps(graph, node, isFromPicture) };
  const denoise = 'denoise' in sigmas.inputs ? graph.value(sigmas, ['denoise']) : 1;
  const strength = isFromPicture ? (denoise ?? 'unknown') : undefined;
  return { ...ran, strength, steps: wholeSteps(steps, strength), notes };
}

/** A sampler with a node of its own: `SamplerEulerAncestral`. */
const samplerOfClass = (name: string) =>
  name
    .replace(/^Sampler/, '')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

/** KSamplerAdvanced's part of its steps. Its beginning is diffusers' strength; an end before the last step has no name there. */
function partOfSteps(graph: ComfyGraph, node: Node, isFromPicture: boolean) {
  const number = (name: string) => Number(graph.value(node, [name]) ?? Number.NaN);
  const [steps, start, end] = [number('steps'), number('start_at_step'), number('end_at_step')];
  const notes: SettingsNote[] = [];
  if (!(start === 0 || (start > 0 && isFromPicture))) notes.push(noCounterpart(`start_at_step: ${start}`));
  if (!(end >= steps)) notes.push(noCounterpart(`end_at_step: ${end}`));
  if (node.inputs.add_noise === 'disable') notes.push(noCounterpart('add_noise: disable'));
  const strength = isFromPicture ? Math.max(0, steps - start) / steps : undefined;
  return { strength, steps: Number.isNaN(steps) ? undefined : steps, notes };
}

/** ComfyUI does all its steps in the part of the run that denoise leaves (comfy/samplers.py, set_steps); diffusers does only that part of them. */
function wholeSteps(steps: string | number | undefined, strength: number | string | undefined) {
  return typeof steps === 'number' && typeof strength === 'number' && strength > 0
    ? Math.trunc(steps / strength)
    : steps;
}

import * as v from 'valibot';
import type { PictureSettings, SettingsNote } from '../../protocol/picture-settings.ts';
import type { SettingName } from '../../protocol/settings.ts';
import { acceptSettings } from '../settings/accept-settings.ts';
import { findSampler } from '../settings/samplers.ts';
import { torchSeed, UNSAID } from '../settings/setting-values.ts';
import { noCounterpart, unreadNotes } from '../settings/settings-notes.ts';
import { steeringOf } from '../settings/steering.ts';
import { controlLayers } from './controls.ts';
import { sizeNotes } from './encoders.ts';
import { ComfyGraph, parseGraphJson } from './graph.ts';
import { afterwards, findSamplers, latents } from './latents.ts';
import { clipSkip, modelChain, vaeName } from './model.ts';
import { noiseOf, samplerNotes } from './sampler-notes.ts';
import { scheduling } from './sampling.ts';
import { graphPrompt } from './text.ts';
import { workflowEntries } from './workflow.ts';

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

function readGraph(graph: ComfyGraph): PictureSettings | null {
  const { first, count } = findSamplers(graph);
  if (!first) return null;
  const guider = graph.linked(first, 'guider') ?? first;
  const positive = graphPrompt(graph, guider, 'positive');
  const negative = graphPrompt(graph, guider, 'negative');
  const model = modelChain(graph, guider, { positive: positive?.encoder, negative: negative?.encoder });
  const steering = steeringOf([...controlLayers(graph, guider), ...model.adapters]);
  const start = latents(graph, first);
  const run = scheduling(graph, first, start.isPicture);
  const sampler = findSampler('ComfyUI', run.sampler, run.schedule);
  const prompt = positive?.text;
  const skip = positive?.encoder ? clipSkip(graph, positive.encoder) : UNSAID.clipSkip;
  const skipOfNegative = negative?.encoder ? clipSkip(graph, negative.encoder) : skip;
  const raw = {
    ...UNSAID,
    prompt:
      prompt === undefined ? undefined : [prompt, ...model.tags].filter((text) => text !== '').join(' '),
    negativePrompt: negative?.text,
    model: model.name,
    textEncoder: model.textEncoder,
    vae: vaeName(graph, first),
    numInferenceSteps: run.steps,
    scheduler: sampler.scheduler,
    schedule: sampler.schedule,
    guidanceScale: graph.value(guider, ['cfg']) ?? (guider.class_type === 'BasicGuider' ? 1 : undefined),
    guidanceRescale: model.rescale ?? UNSAID.guidanceRescale,
    seed: torchSeed(graph.value(graph.linked(first, 'noise') ?? first, ['seed', 'noise_seed'])),
    noise: noiseOf(first),
    width: start.width,
    height: start.height,
    strength: run.strength,
    clipSkip: skip,
    emphasis: positive?.emphasis ?? negative?.emphasis,
    controls: steering.controls,
    picturePrompts: steering.picturePrompts,
  };
  const expected: SettingName[] = ['prompt', ...(negative ? (['negativePrompt'] as const) : []), ...ALWAYS];
  if (!start.isPicture) expected.push('width', 'height');
  const notes: SettingsNote[] = [
    ...(count > 1 ? [noCounterpart(`${count} sampling passes`)] : []),
    ...(start.isPicture ? [{ kind: 'began-with-picture' } as const] : []),
    ...sampler.notes,
    ...run.notes,
    ...samplerNotes(graph, first),
    ...model.notes,
    ...steering.notes,
    ...(prompt === undefined ? model.tags.map(noCounterpart) : []),
    ...(skipOfNegative === skip
      ? []
      : [noCounterpart(`clip skip of the negative prompt: ${skipOfNegative}`)]),
    ...[positive, negative].flatMap((side) => side?.notes ?? []),
    ...[positive, negative].flatMap((side) =>
      sizeNotes(graph, side?.encoder, `${start.width}×${start.height}`),
    ),
    ...start.notes,
    ...afterwards(graph, first),
  ];
  return acceptSettings('ComfyUI', raw, [...once(notes), ...unreadNotes(raw, expected, notes)]);
}

const ALWAYS = ['model', 'numInferenceSteps', 'guidanceScale', 'scheduler', 'seed', 'clipSkip'] as const;

/** Each note once, and no more than a person reads. */
const once = (notes: readonly SettingsNote[]): readonly SettingsNote[] =>
  [...new Map(notes.map((note) => [JSON.stringify(note), note])).values()].slice(0, MAX_NOTES);

const MAX_NOTES = 100;

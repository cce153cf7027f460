import type { SettingsNote } from '../../protocol/picture-settings.ts';
import { noCounterpart } from '../settings/settings-notes.ts';
import type { ComfyGraph, Node } from './graph.ts';

/** The names of sampler and schedule, and which part of the steps is done: on the sampler's node, or on nodes of their own. */
export function scheduling(graph: ComfyGraph, node: Node, isFromPicture: boolean) {
  const sampler = graph.linked(node, 'sampler') ?? node;
  const between = 'sigmas' in node.inputs ? graph.chain(node, ['sigmas']) : [node];
  const sigmas = between.find(({ inputs }) => 'steps' in inputs) ?? node;
  const ran = {
    sampler: String(graph.value(sampler, ['sampler_name']) ?? samplerOfClass(sampler.class_type)),
    schedule: String(
      graph.value(sigmas, ['scheduler']) ?? /^(\w+)Scheduler$/.exec(sigmas.class_type)?.[1] ?? '',
    ),
  };
  const notes = [
    ...between.filter((other) => other !== sigmas).map(({ class_type }) => noCounterpart(class_type)),
    ...(node.inputs.add_noise === 'disable' || node.inputs.add_noise === false
      ? [noCounterpart(`add_noise: ${node.inputs.add_noise}`)]
      : []),
    ...[...new Set([sampler, sigmas])].flatMap((one) => (one === node ? [] : unusualInputs(graph, one))),
  ];
  if ('start_at_step' in node.inputs) {
    const part = partOfSteps(graph, node, isFromPicture);
    return { ...ran, ...part, notes: [...part.notes, ...notes] };
  }
  const steps = graph.value(sigmas, ['steps']);
  const denoise = 'denoise' in sigmas.inputs ? (graph.value(sigmas, ['denoise']) ?? 'unknown') : 1;
  if (isFromPicture) return { ...ran, strength: denoise, steps: wholeSteps(steps, denoise), notes };
  // Of empty latents, ComfyUI runs only the end of the schedule (comfy/samplers.py, set_steps).
  const part = denoise === 1 ? [] : [noCounterpart(`denoise: ${denoise}`)];
  return { ...ran, strength: undefined, steps, notes: [...part, ...notes] };
}

/** A sampler with a node of its own: `SamplerEulerAncestral`. */
const samplerOfClass = (name: string) =>
  name
    .replace(/^Sampler/, '')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

/** The inputs that say which sampler and how many steps. */
const READ = ['sampler_name', 'scheduler', 'steps', 'denoise'];
/** What the others are by default (comfy_extras/nodes_custom_sampler.py), which is how the same samplers run by name. */
const USUAL: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...([
    ['eta', 1],
    ['s_noise', 1],
    ['r', 0.5],
    ['solver_type', 'midpoint'],
    ['noise_device', 'cpu'],
  ] as const),
  ...([
    ['s_churn', 0],
    ['s_tmin', 0],
    ['order', 4],
  ] as const),
  ...([
    ['sigma_max', 14.614642],
    ['sigma_min', 0.0291675],
    ['rho', 7],
  ] as const),
]);

/** Notes the inputs of a sampler's or a schedule's own node with which it does not run as it does by name. */
const unusualInputs = (graph: ComfyGraph, node: Node): readonly SettingsNote[] =>
  Object.keys(node.inputs).flatMap((name) => {
    // A link to a model says nothing of its own.
    if (READ.includes(name) || name === 'model') return [];
    const own = node.inputs[name];
    const value = typeof own === 'boolean' ? own : (graph.value(node, [name]) ?? 'unknown');
    return USUAL.get(name) === value ? [] : noCounterpart(`${name}: ${value}`);
  });

/** KSamplerAdvanced's part of its steps. Its beginning is diffusers' strength; an end before the last step has no name there. */
function partOfSteps(graph: ComfyGraph, node: Node, isFromPicture: boolean) {
  const number = (name: string) => Number(graph.value(node, [name]) ?? Number.NaN);
  const [steps, start] = [number('steps'), number('start_at_step')];
  const [last] = ['refine_at_step', 'end_at_step'].filter((name) => name in node.inputs);
  // Of the Efficiency Nodes, −1 is no refiner.
  const end = last === undefined || number(last) === -1 ? steps : number(last);
  const notes: SettingsNote[] = [];
  if (!(start === 0 || (start > 0 && isFromPicture))) notes.push(noCounterpart(`start_at_step: ${start}`));
  if (!(end >= steps)) notes.push(noCounterpart(`${last}: ${end}`));
  const strength = isFromPicture ? Math.max(0, steps - start) / steps : undefined;
  return { strength, steps: Number.isNaN(steps) ? undefined : steps, notes };
}

/** ComfyUI does all its steps in the part of the run that denoise leaves (comfy/samplers.py, set_steps); diffusers does only that part of them. */
function wholeSteps(steps: string | number | undefined, strength: number | string) {
  return typeof steps === 'number' && typeof strength === 'number' && strength > 0
    ? Math.trunc(steps / strength)
    : steps;
}

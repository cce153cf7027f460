import * as v from 'valibot';
import { noCounterpart } from '../settings/settings-notes.ts';
import {
  type FoundPart,
  type FoundSteering,
  foundLayer,
  foundPrompt,
  steeringOf,
} from '../settings/steering.ts';

type Entry = Readonly<Record<string, unknown>>;
const Entry = v.record(v.string(), v.unknown());
const MAX_ENTRIES = 100;
const entriesOf = (value: unknown): readonly Entry[] =>
  Array.isArray(value) ? value.slice(0, MAX_ENTRIES).filter((one): one is Entry => v.is(Entry, one)) : [];
const entryOf = (value: unknown): Entry => (v.is(Entry, value) ? value : {});

/** `{name}` since version 4, `{model_name}` in version 3. */
const nameOf = (model: unknown): string => String(entryOf(model).name ?? entryOf(model).model_name ?? '');

/**
 * What steers in InvokeAI's metadata: lists of ControlNets, T2I- and IP-Adapters (invokeai/app/invocations/metadata.py), and
 * since version 5 the layers of its canvas and its reference images (controlLayers/store/types.ts).
 */
export function readInvokeSteering(all: Entry): FoundSteering {
  const canvas = entryOf(all.canvas_v2_metadata);
  const enabled = (list: unknown) => entriesOf(list).filter(({ isEnabled }) => isEnabled !== false);
  const references = [
    ...enabled(canvas.referenceImages).map(({ ipAdapter }) => ipAdapter),
    ...enabled(all.ref_images).map(({ config }) => config),
  ];
  const regions = enabled(canvas.regionalGuidance).length;
  return steeringOf([
    ...entriesOf(all.controlnets).map((one) =>
      layerOf(one.control_model, one.control_weight, ofList(one), one.control_mode),
    ),
    ...entriesOf(all.t2iAdapters).map((one) => layerOf(one.t2i_adapter_model, one.weight, ofList(one))),
    ...enabled(canvas.controlLayers)
      .map(({ controlAdapter }) => entryOf(controlAdapter))
      .map((one) => layerOf(one.model, one.weight, ofCanvas(one), one.controlMode)),
    ...entriesOf(all.ipAdapters).map((one) => promptOf(one.ip_adapter_model, one, ofList(one))),
    ...references.map(entryOf).map(reference),
    { notes: regions > 0 ? [noCounterpart('Regional guidance')] : [] },
  ]);
}

type Ends = readonly [start: unknown, end: unknown];
const ofList = (one: Entry): Ends => [one.begin_step_percent ?? 0, one.end_step_percent ?? 1];
const ofCanvas = ({ beginEndStepPct }: Entry): Ends =>
  Array.isArray(beginEndStepPct) ? [beginEndStepPct[0], beginEndStepPct[1]] : [0, 1];

/** A layer; one that has no model was not used. */
function layerOf(model: unknown, weight: unknown, [start, end]: Ends, mode: unknown = 'balanced'): FoundPart {
  const name = nameOf(model);
  if (name === '') return { notes: [] };
  const isGuess = mode === 'more_control';
  const notes = isGuess || mode === 'balanced' ? [] : [noCounterpart(`${name} ${mode}`)];
  return { ...foundLayer(name, { scale: weight ?? 1, start, end }, { isGuess }), notes };
}

const METHODS: ReadonlyMap<unknown, string> = new Map([
  [undefined, 'all'],
  ['full', 'all'],
  ['style', 'style'],
  ['composition', 'layout'],
]);

function promptOf(model: unknown, { weight, method }: Entry, [start, end]: Ends): FoundPart {
  const name = nameOf(model);
  if (name === '') return { notes: [] };
  const parts = METHODS.get(method);
  const found = foundPrompt(name, { scale: weight ?? 1, start, end }, parts ?? 'all');
  return parts === undefined
    ? { ...found, notes: [...found.notes, noCounterpart(`${name} ${method}`)] }
    : found;
}

/** A reference image that no IP-Adapter reads is another model's. */
const reference = (one: Entry): FoundPart =>
  one.type === undefined || one.type === 'ip_adapter'
    ? promptOf(one.model, one, ofCanvas(one))
    : { notes: [noCounterpart('Reference images')] };

import * as v from 'valibot';
import type { PictureSettings, SettingsNote } from '../../protocol/picture-settings.ts';
import { asPrompt } from '../comfyui/syntax.ts';
import { acceptSettings } from '../settings/accept-settings.ts';
import { fileStem, loraTags } from '../settings/lora-tag.ts';
import { emphasisNotes } from '../settings/prompt-words.ts';
import { findSampler } from '../settings/samplers.ts';
import { numberOf, skipOfLayer, torchSeed, UNSAID, weightOf } from '../settings/setting-values.ts';
import { unknownNotes, unreadNotes } from '../settings/settings-notes.ts';
import { type FoundPart, findPreprocessor, foundLayer, steeringOf } from '../settings/steering.ts';
import { UNION_KINDS } from '../settings/union-kinds.ts';

const Swarm = v.object({ sui_image_params: v.record(v.string(), v.unknown()) });

/** Parameters that are read, or that say which run it was. */
const KNOWN: ReadonlySet<string> = new Set([
  ...[
    'prompt',
    'negativeprompt',
    'model',
    'vae',
    'automaticvae',
    'seed',
    'steps',
    'cfgscale',
    'width',
    'height',
  ],
  ...[
    'sampler',
    'scheduler',
    'loras',
    'loraweights',
    'loratencweights',
    'clipstopatlayer',
    'rescalecfgmultiplier',
  ],
  ...[
    'initimage',
    'initimagecreativity',
    'images',
    'batchsize',
    'aspectratio',
    'sidelength',
    'swarm_version',
  ],
  ...[
    'original_prompt',
    'original_negativeprompt',
    'wildcardseed',
    'personalnote',
    'date',
    'generation_time',
  ],
  ...['internalbackendtype', 'exactbackendid', 'colordepth', 'imageformat', 'outpathprefix'],
]);

const EXPECTED = [
  'prompt',
  'model',
  'numInferenceSteps',
  'guidanceScale',
  'scheduler',
  'seed',
  'width',
  'height',
] as const;

/**
 * The settings that SwarmUI writes as `parameters` or UserComment (docs/Image Metadata Format.md); null for anything else.
 * It runs ComfyUI, and its names are ComfyUI's.
 */
export function readSwarmJson(json: unknown): PictureSettings | null {
  const parsed = v.safeParse(Swarm, json);
  if (!parsed.success) return null;
  const said = parsed.output.sui_image_params;
  const text = (name: string) => (typeof said[name] === 'string' ? said[name] : undefined);
  const [prompt, negative] = [text('prompt'), text('negativeprompt')];
  const {
    scheduler,
    schedule,
    notes: samplerNotes,
  } = findSampler('SwarmUI', text('sampler') ?? '', text('scheduler'));
  const loras = loraTags(swarmLoras(said));
  const steering = steeringOf(swarmControls(said));
  const isFromPicture = said.initimagecreativity !== undefined;
  const raw = {
    ...UNSAID,
    prompt: prompt === undefined ? undefined : [asPrompt(prompt), ...loras.tags].join(' '),
    negativePrompt: asPrompt(negative ?? ''),
    model: text('model'),
    vae: /^(none|automatic)$/i.test(text('vae') ?? 'none') ? undefined : fileStem(text('vae') ?? ''),
    numInferenceSteps: numberOf(said.steps),
    scheduler,
    schedule,
    guidanceScale: numberOf(said.cfgscale),
    guidanceRescale: numberOf(said.rescalecfgmultiplier) ?? UNSAID.guidanceRescale,
    seed: torchSeed(said.seed),
    noise: 'cpu',
    width: numberOf(said.width),
    height: numberOf(said.height),
    strength: numberOf(said.initimagecreativity),
    clipSkip: skipOfLayer(numberOf(said.clipstopatlayer) ?? 1),
    controls: steering.controls,
  };
  const notes: SettingsNote[] = [
    ...(said.sampler === undefined ? [] : samplerNotes),
    ...(isFromPicture ? [{ kind: 'began-with-picture' } as const] : []),
    ...loras.notes,
    ...steering.notes,
    ...emphasisNotes(asPrompt(`${prompt} ${negative}`)),
    ...syntaxNotes(`${prompt} ${negative}`),
    ...unknownNotes(
      Object.entries(said).filter(([key]) => !OF_CONTROL.test(key)),
      KNOWN,
    ),
  ];
  return acceptSettings('SwarmUI', raw, [...notes, ...unreadNotes(raw, EXPECTED, notes)]);
}

/** Lists may be lists or texts with commas. */
const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : typeof value === 'string' && value !== '' ? value.split(',') : [];

const MAX_LORAS = 100;

function swarmLoras(said: Readonly<Record<string, unknown>>) {
  const [weights, ofText] = [listOf(said.loraweights), listOf(said.loratencweights)];
  return listOf(said.loras)
    .slice(0, MAX_LORAS)
    .map((name, i) => {
      const weight = weightOf(weights[i]);
      return {
        name: typeof name === 'string' ? name : '',
        weight,
        textEncoderWeight: weightOf(ofText[i] ?? weight),
      };
    });
}

/** Notes its tags (`<alternate:…>`, `<segment:…>`), which are plain words here. */
function syntaxNotes(text: string): SettingsNote[] {
  const tags = [...text.matchAll(/<(?!lora:)([a-z]{1,20})[[:>]/g)].map(([, name]) => `<${name}>`);
  return [...new Set(tags)].slice(0, 5).map((name) => ({ kind: 'other-syntax', name }));
}

/** What it has of each of its three ControlNets (src/Text2Image/T2IParamTypes.cs). */
const OF_CONTROL = /^controlnet(two|three)?(model|strength|start|end|preprocessor|imageinput|uniontype)$/;

function swarmControls(said: Readonly<Record<string, unknown>>): FoundPart[] {
  return ['', 'two', 'three'].flatMap((number) => {
    const of = (name: string) => numberOf(said[`controlnet${number}${name}`]);
    const model = of('model');
    if (typeof model !== 'string' || /^\(?none\)?$/i.test(model)) return [];
    const name = fileStem(model);
    const { control } = foundLayer(name, {
      scale: of('strength') ?? 1,
      start: of('start') ?? 0,
      end: of('end') ?? 1,
    });
    const maker = of('preprocessor');
    // Without one, it takes what suits the model.
    const made =
      typeof maker === 'string' ? findPreprocessor(maker.replace(/-?(Edge)?Preprocessor$/i, '')) : undefined;
    const kind = UNION_KINDS.findIndex(([, word]) => word === of('uniontype'));
    const controlMode = kind < 0 ? null : kind;
    return [
      {
        control: { ...control, controlMode, ...(made && { preprocessor: made.preprocessor }) },
        notes: made?.notes ?? [],
      },
    ];
  });
}

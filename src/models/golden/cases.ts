import { quantizeTensors, withQuantized } from '../../checkpoint/quantize.ts';
import { readSafetensors } from '../../checkpoint/safetensors.ts';
import * as checkpoint from '../../checkpoint/weights.ts';
import type { Graph, GraphTarget } from '../../graph/graph.ts';
import type { QuantizedBits } from '../../protocol/generation.ts';
import { parseConfig } from '../../protocol/parse-config.ts';
import { clipTextModel } from '../clip.ts';
import {
  AutoencoderKLConfig,
  AutoencoderTinyConfig,
  CLIPTextConfig,
  UNet2DConditionConfig,
} from '../config.ts';
import { controlNetModel } from '../controlnet.ts';
import { asUNetConfig, ControlNetKeys } from '../controlnet-config.ts';
import { T2IAdapterConfig, t2iAdapterModel } from '../t2i-adapter.ts';
import { autoencoderTinyDecoder, autoencoderTinyEncoder } from '../tiny-vae.ts';
import { unet2DConditionModel } from '../unet.ts';
import { autoencoderKLDecoder, autoencoderKLEncoder } from '../vae.ts';

/** A tensor of a golden file (golden/models.py). */
export interface GoldenTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}
export type GoldenTensors = Readonly<Record<string, GoldenTensor>>;

/** One graph, its inputs, and what diffusers computes from them, by the names of the graph's outputs. */
export interface GoldenRun {
  readonly title: string;
  readonly graph: Graph;
  readonly feeds: GoldenTensors;
  readonly expected: GoldenTensors;
}

/** A checkpoint of the goldens, and every graph that is built from it. */
export interface GoldenCase {
  readonly weights: checkpoint.Weights;
  readonly runs: readonly GoldenRun[];
}

interface Component {
  readonly json: unknown;
  readonly weights: checkpoint.Weights;
  readonly tensors: GoldenTensors;
  readonly target: GraphTarget;
}

const CLASSES = {
  ...{ clip: textRuns, unet: unetRuns, kl: autoencoderKLRuns, tiny: autoencoderTinyRuns },
  controlnet: controlNetRuns(false),
  guess: controlNetRuns(true),
  adapter: adapterRuns,
};

/** Every golden: its class, the folder of its checkpoint, the name of the weights, the golden file. */
const FILES = {
  'tiny-model/text_encoder': ['clip', 'e2e/tiny-model/text_encoder', 'model', 'tiny-model/text_encoder'],
  'tiny-model/unet': ['unet', 'e2e/tiny-model/unet', 'diffusion_pytorch_model', 'tiny-model/unet'],
  'tiny-model/vae': ['kl', 'e2e/tiny-model/vae', 'diffusion_pytorch_model', 'tiny-model/vae'],
  'clip-projection': ['clip', 'src/models/golden/clip-projection', 'model', 'clip-projection/golden'],
  'clip-injected': ['clip', 'src/models/golden/clip-injected', 'model', 'clip-injected/golden'],
  'clip-gelu': ['clip', 'src/models/golden/clip-gelu', 'model', 'clip-gelu/golden'],
  'unet-linear': ['unet', 'src/models/golden/unet-linear', 'model', 'unet-linear/golden'],
  'unet-trinket': ['unet', 'src/models/golden/unet-trinket', 'model', 'unet-trinket/golden'],
  'unet-sdxl': ['unet', 'src/models/golden/unet-sdxl', 'model', 'unet-sdxl/golden'],
  'unet-lcm': ['unet', 'src/models/golden/unet-lcm', 'model', 'unet-lcm/golden'],
  'unet-inpaint': ['unet', 'src/models/golden/unet-inpaint', 'model', 'unet-inpaint/golden'],
  'unet-sd2': ['unet', 'src/models/golden/unet-sd2', 'model', 'unet-sd2/golden'],
  'unet-no-mid': ['unet', 'src/models/golden/unet-no-mid', 'model', 'unet-no-mid/golden'],
  'unet-lists': ['unet', 'src/models/golden/switches/lists', 'model', 'switches/lists/golden'],
  'unet-switches': ['unet', 'src/models/golden/switches/switches', 'model', 'switches/switches/golden'],
  'unet-projected': ['unet', 'src/models/golden/switches/projected', 'model', 'switches/projected/golden'],
  'vae-old-names': ['kl', 'src/models/golden/vae-old-names', 'model', 'vae-old-names/golden'],
  'vae-no-attention': ['kl', 'src/models/golden/vae-no-attention', 'model', 'vae-no-attention/golden'],
  'vae-tiny': ['tiny', 'src/models/golden/vae-tiny', 'model', 'vae-tiny/golden'],
  controlnet: [
    'controlnet',
    'src/pipeline/golden/controls/edges',
    'diffusion_pytorch_model',
    'controls/edges',
  ],
  'controlnet-guess': [
    ...([
      'guess',
      'src/pipeline/golden/controls/edges',
      'diffusion_pytorch_model',
      'controls/edges-guess',
    ] as const),
  ],
  'controlnet-pooled': [
    ...([
      'controlnet',
      'src/pipeline/golden/controls/pooled',
      'diffusion_pytorch_model',
      'controls/pooled',
    ] as const),
  ],
  't2i-adapter': [
    ...([
      'adapter',
      'src/pipeline/golden/adapters/light',
      'diffusion_pytorch_model',
      'controls/light',
    ] as const),
  ],
} as const satisfies Record<string, readonly [keyof typeof CLASSES, string, string, string]>;

export type GoldenName = keyof typeof FILES;
export const GOLDEN_NAMES = Object.keys(FILES) as GoldenName[];

/**
 * Builds the graphs of one golden for `target`.
 * @param read returns a file by its path in the repository
 * @param bits of the weights, where they are quantised
 */
export async function goldenCase(
  name: GoldenName,
  read: (path: string) => Promise<Blob>,
  target: GraphTarget,
  bits?: QuantizedBits,
): Promise<GoldenCase> {
  const [kind, folder, file, golden] = FILES[name];
  const stored = await checkpoint.readTensors(name, await read(`${folder}/${file}.safetensors`));
  const weights = checkpoint.Weights.of(name, bits ? await quantized(stored, bits) : stored);
  const json: unknown = JSON.parse(await (await read(`${folder}/config.json`)).text());
  const tensors = await readGoldenTensors(await read(`src/models/golden/${golden}.safetensors`));
  return { weights, runs: CLASSES[kind]({ json, weights, tensors, target }) };
}

async function quantized(tensors: checkpoint.Tensors, bits: QuantizedBits): Promise<checkpoint.Tensors> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const { signal } = new AbortController();
  const sink = { append: (bytes: Uint8Array<ArrayBuffer>) => pieces.push(bytes) };
  await quantizeTensors(tensors, bits, sink, { signal, onProgress: () => {} });
  return withQuantized(tensors, await checkpoint.readTensors('quantized', new Blob(pieces)));
}

/** max |found − expected| / max |expected| of [n]; NaN where a value is NaN, infinity where the lengths differ. */
export function relativeError(found: Float32Array, expected: GoldenTensor): number {
  if (found.length !== expected.data.length) return Number.POSITIVE_INFINITY;
  let [error, largest] = [0, 0];
  for (const [i, value] of expected.data.entries()) {
    error = Math.max(error, Math.abs((found[i] as number) - value));
    largest = Math.max(largest, Math.abs(value));
  }
  return error / largest;
}

/** The tensors of a golden file, by name. */
export async function readGoldenTensors(file: Blob): Promise<GoldenTensors> {
  const entries = [...(await readSafetensors('golden', file))];
  const tensors = entries.map(async ([name, { dtype, shape, offset, length }]) => {
    const buffer = await file.slice(offset, offset + length).arrayBuffer();
    return [
      name,
      { shape, data: dtype === 'I32' ? new Int32Array(buffer) : new Float32Array(buffer) },
    ] as const;
  });
  return Object.fromEntries(await Promise.all(tensors));
}

const at = (tensors: GoldenTensors, name: string) => tensors[name] as GoldenTensor;
const picture = ({ shape }: GoldenTensor) => ({ height: shape[2] as number, width: shape[3] as number });

function textRuns({ json, weights, tensors, target }: Component): GoldenRun[] {
  const [batch, sequenceLength] = at(tensors, 'input_ids').shape as [number, number];
  const config = parseConfig('text_encoder', CLIPTextConfig, json);
  const pooled = 'text_embeds' in tensors;
  const injected = 'injected_states' in tensors;
  const states = { last: [0, true], penultimate: [1, false], penultimate_normed: [1, true] } as const;
  return Object.entries(states).flatMap(([title, [skip, normed]]) => {
    if (!(title in tensors)) return [];
    const outputs = { skip, normed, pooled, injected };
    const graph = clipTextModel(config, weights, target, { batch, sequenceLength }, outputs);
    return [
      { title, graph, feeds: tensors, expected: { ...tensors, encoder_hidden_states: at(tensors, title) } },
    ];
  });
}

function unetRuns({ json, weights, tensors, target }: Component): GoldenRun[] {
  const config = parseConfig('unet', UNet2DConditionConfig, json);
  const [, sequenceLength] = at(tensors, 'encoder_hidden_states').shape as [number, number];
  const shape = { ...picture(at(tensors, 'sample')), sequenceLength };
  const second = Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, tensor.shape[0] === 2 ? row(tensor, 1) : tensor]),
  );
  return [
    {
      title: 'both texts at once',
      graph: unet2DConditionModel(config, weights, target, { ...shape, batch: 2 }),
      feeds: tensors,
      expected: tensors,
    },
    {
      title: 'the second text alone',
      graph: unet2DConditionModel(config, weights, target, { ...shape, batch: 1 }),
      feeds: second,
      expected: second,
    },
  ];
}

/** Row i of [2, …] as [1, …]. */
function row({ shape, data }: GoldenTensor, i: number): GoldenTensor {
  const length = data.length / 2;
  return { shape: shape.with(0, 1), data: data.slice(i * length, (i + 1) * length) };
}

function controlNetRuns(isGuess: boolean) {
  return ({ json, weights, tensors, target }: Component): GoldenRun[] => {
    const unet = parseConfig('controlnet', UNet2DConditionConfig, asUNetConfig(json));
    const config = { ...parseConfig('controlnet', ControlNetKeys, json), unet, union: null };
    const [batch, sequenceLength] = at(tensors, 'encoder_hidden_states').shape as [2, number];
    const shape = { ...picture(at(tensors, 'sample')), sequenceLength, batch, isGuess, modes: [] };
    const graph = controlNetModel(config, weights, target, shape);
    return [{ title: 'both texts at once', graph, feeds: tensors, expected: tensors }];
  };
}

function adapterRuns({ json, weights, tensors, target }: Component): GoldenRun[] {
  const config = parseConfig('t2i_adapter', T2IAdapterConfig, json);
  const graph = t2iAdapterModel(config, weights, target, picture(at(tensors, 'control_image')));
  return [{ title: 'feature maps', graph, feeds: tensors, expected: tensors }];
}

function autoencoderKLRuns({ json, weights, tensors, target }: Component): GoldenRun[] {
  const config = parseConfig('vae', AutoencoderKLConfig, json);
  const decoder = autoencoderKLDecoder(config, weights, target, picture(at(tensors, 'latent_sample')));
  const encoder = autoencoderKLEncoder(config, weights, target, picture(at(tensors, 'sample')));
  return autoencoderRuns(decoder, encoder, tensors);
}

function autoencoderTinyRuns({ json, weights, tensors, target }: Component): GoldenRun[] {
  const config = parseConfig('vae', AutoencoderTinyConfig, json);
  const decoder = autoencoderTinyDecoder(config, weights, target, picture(at(tensors, 'latent_sample')));
  const encoder = autoencoderTinyEncoder(config, weights, target, picture(at(tensors, 'sample')));
  return autoencoderRuns(decoder, encoder, tensors);
}

function autoencoderRuns(decoder: Graph, encoder: Graph, tensors: GoldenTensors): GoldenRun[] {
  const encoded = encoder.outputs[0]?.name as string;
  return [
    { title: 'decoder', graph: decoder, feeds: tensors, expected: { sample: at(tensors, 'decoded') } },
    { title: 'encoder', graph: encoder, feeds: tensors, expected: { [encoded]: at(tensors, 'encoded') } },
  ];
}

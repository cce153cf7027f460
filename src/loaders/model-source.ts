import * as v from 'valibot';
import { readSafetensors } from '../checkpoint/safetensors.ts';
import { readSingleFile } from '../checkpoint/single-file.ts';
import { readTensors, type Tensors } from '../checkpoint/weights.ts';
import type { ModelFiles } from '../hub/repo.ts';
import type { TextOutputs, TextShape } from '../models/clip.ts';
import {
  type AutoencoderKLConfig,
  AutoencoderTinyConfig,
  type CLIPTextConfig,
  type UNet2DConditionConfig,
} from '../models/config.ts';
import type { UNetShape } from '../models/unet.ts';
import type { PictureShape } from '../models/vae.ts';
import { AppError } from '../protocol/errors.ts';
import type { QuantizedBits } from '../protocol/generation.ts';
import type { Prediction, SwappableComponent } from '../protocol/models.ts';
import { parseConfig } from '../protocol/parse-config.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Session } from '../runtime/session.ts';
import { clipVocabulary } from '../tokenizer/clip-vocabulary.ts';

/** The components that have weights. */
export type WeightedComponent = 'text_encoder' | 'text_encoder_2' | 'unet' | 'vae';

/** Graphs that came ready-made, each opened as a session that takes and gives what our own of the component does. */
export interface ReadyGraphs {
  textEncoder(
    runtime: Runtime,
    name: 'text_encoder' | 'text_encoder_2',
    config: CLIPTextConfig,
    shape: TextShape,
    outputs: TextOutputs,
  ): Promise<Session>;
  unet(runtime: Runtime, config: UNet2DConditionConfig, shape: UNetShape): Promise<Session>;
  vaeDecoder(runtime: Runtime, config: LatentChannels, shape: PictureShape): Promise<Session>;
  vaeEncoder(runtime: Runtime, config: LatentChannels, shape: PictureShape): Promise<Session>;
  /** How many numbers a component's weights are. */
  parameters(component: WeightedComponent): Promise<number>;
}

type LatentChannels = Pick<AutoencoderKLConfig, 'latent_channels'>;

/** A model's configurations, vocabularies and tensors or graphs, wherever each of them lies. */
export interface ModelSource {
  /** Configurations and vocabularies, under the paths of a diffusers repository. */
  readonly files: ModelFiles;
  /** Every tensor of a component, by diffusers' names. @throws AppError unsupported-model, download-failed, corrupt-file */
  tensors(component: WeightedComponent): Promise<Tensors>;
  /** Where a component is a ready-made graph; then it has no tensors. */
  graphs(component: WeightedComponent): ReadyGraphs | undefined;
  /** The quantised copy of a component's weights, by the names they have; undefined where there is none. */
  quantized(component: WeightedComponent, bits: QuantizedBits): Promise<Tensors | undefined>;
}

/** Where a model's files hold a quantised copy. */
export const quantizedPath = (component: WeightedComponent, bits: QuantizedBits) =>
  `quantized/${component}.${bits}.safetensors`;

/** The quantised copies among a model's files, for a source of any kind. */
export function quantizedIn(files: ModelFiles): ModelSource['quantized'] {
  return async (component, bits) => {
    const path = quantizedPath(component, bits);
    return files.has(path) ? readTensors(path, await files.file(path)) : undefined;
  };
}

const STEMS: Readonly<Record<WeightedComponent, string>> = {
  text_encoder: 'model',
  text_encoder_2: 'model',
  unet: 'diffusion_pytorch_model',
  vae: 'diffusion_pytorch_model',
};

/** A repository in diffusers' layout. */
export function repositorySource(files: ModelFiles): ModelSource {
  return {
    files,
    tensors: (component) => readWeightFiles(files, `${component}/${STEMS[component]}`),
    graphs: () => undefined,
    quantized: quantizedIn(files),
  };
}

/** Whether a .safetensors file changes a model instead of being one. @throws AppError corrupt-file */
export async function isLoraFile(path: string, blob: Blob): Promise<boolean> {
  const keys = [...(await readSafetensors(path, blob)).keys()];
  return keys.some((key) => /\blora_|_lora\.|\.(hada|lokr)_/.test(key));
}

/** A single-file checkpoint, and what was taken for granted of it. */
export interface SingleFileSource extends ModelSource {
  /** Null where the file itself says what it was trained to predict. */
  readonly prediction: Prediction | null;
}

/**
 * A checkpoint in one file, as the repository it would be.
 * @param prediction where the file leaves it open; null for what is usual
 * @param vocabulary CLIP's merges.txt; without it nothing can be tokenized
 * @throws AppError unsupported-model, corrupt-file
 */
export async function singleFileSource(
  path: string,
  blob: Blob,
  prediction: Prediction | null,
  vocabulary?: ModelFiles,
): Promise<SingleFileSource> {
  const file = await readSingleFile(path, await readTensors(path, blob));
  const usual = file.family === 'sd2' && !file.inpainting ? 'v_prediction' : 'epsilon';
  const assumed = prediction ?? usual;
  const configs = file.configs(file.prediction ?? assumed);
  const merges = async (): Promise<Blob> => {
    if (!vocabulary) throw unsupported('tokenizer', 'the vocabulary', 'none');
    return vocabulary.file('merges.txt');
  };
  const absent = (name: string) => unsupported(path, name, 'no such part');
  const files: ModelFiles = {
    has: (name) => name in configs || /^tokenizer(_2)?\/(vocab\.json|merges\.txt)$/.test(name),
    file: async (name) => {
      if (name.endsWith('/merges.txt')) return merges();
      throw absent(name);
    },
    json: async (name) => {
      if (name.endsWith('/vocab.json')) return clipVocabulary(await (await merges()).text());
      if (name in configs) return configs[name];
      throw absent(name);
    },
  };
  return {
    files,
    prediction: file.prediction === undefined ? assumed : null,
    tensors: async (component) => {
      const tensors = file.components[component];
      if (!tensors) throw absent(component);
      return tensors;
    },
    graphs: () => undefined,
    quantized: async () => undefined,
  };
}

/** A repository that is one component, its files at the root. */
export function componentSource(
  component: SwappableComponent,
  className: string,
  files: ModelFiles,
): ModelSource {
  const inside = (path: string) => path.slice(`${component}/`.length);
  return {
    files: {
      has: (path) => files.has(inside(path)),
      file: (path) => files.file(inside(path)),
      json: async (path) =>
        path === 'model_index.json' ? { [component]: ['', className] } : files.json(inside(path)),
    },
    tensors: (name) => readWeightFiles(files, STEMS[name]),
    graphs: () => undefined,
    quantized: async () => undefined,
  };
}

/** The same model with one component of another. Whether they fit each other shows when it is opened. */
export function withComponent(
  source: ModelSource,
  component: SwappableComponent,
  donor: ModelSource,
): ModelSource {
  const from = (path: string) => (path.startsWith(`${component}/`) ? donor.files : source.files);
  const index = async ({ files }: ModelSource) =>
    (await files.json('model_index.json')) as Record<string, unknown>;
  return {
    files: {
      has: (path) => from(path).has(path),
      file: (path) => from(path).file(path),
      json: async (path) =>
        path === 'model_index.json'
          ? { ...(await index(source)), [component]: (await index(donor))[component] }
          : from(path).json(path),
    },
    tensors: (name) => (name === component ? donor : source).tensors(name),
    graphs: (name) => (name === component ? donor : source).graphs(name),
    quantized: (name, bits) => (name === component ? donor : source).quantized(name, bits),
  };
}

/** An AutoencoderTiny by itself (TAESD), for a look at latents on their way. */
export interface TinyVae {
  readonly config: AutoencoderTinyConfig;
  readonly tensors: Tensors;
}

/** @throws AppError unsupported-model when the repository is another VAE */
export async function readTinyVae(files: ModelFiles): Promise<TinyVae> {
  return {
    config: parseConfig('vae', AutoencoderTinyConfig, await files.json('config.json')),
    tensors: await readWeightFiles(files, STEMS.vae),
  };
}

const ShardIndex = v.object({ weight_map: v.record(v.string(), v.string()) });

/** One file of weights, in full or in half precision, or the shards that an index names. */
async function readWeightFiles(files: ModelFiles, stem: string): Promise<Tensors> {
  for (const path of [`${stem}.safetensors`, `${stem}.fp16.safetensors`])
    if (files.has(path)) return readTensors(path, await files.file(path));
  for (const path of [`${stem}.safetensors.index.json`, `${stem}.safetensors.index.fp16.json`])
    if (files.has(path)) return readShards(files, path);
  const expected = `${stem}.safetensors`;
  throw unsupported(stem, expected, 'no weights');
}

async function readShards(files: ModelFiles, path: string): Promise<Tensors> {
  const index = v.safeParse(ShardIndex, await files.json(path));
  if (!index.success) throw unsupported(path, 'a weight_map', 'something else');
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const map = index.output.weight_map;
  const shards = new Map<string, Tensors>();
  for (const shard of new Set(Object.values(map)))
    shards.set(shard, await readTensors(folder + shard, await files.file(folder + shard)));
  return new Map(
    Object.entries(map).map(([name, shard]) => {
      const tensor = shards.get(shard)?.get(name);
      if (!tensor) throw unsupported(path, `${name} in ${shard}`, 'no such tensor');
      return [name, tensor];
    }),
  );
}

function unsupported(component: string, expected: string, found: string): AppError {
  const details = { component, expected, found };
  return new AppError('unsupported-model', `${component}: expected ${expected}, found ${found}.`, details);
}

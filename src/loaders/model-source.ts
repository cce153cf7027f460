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
import type { QuantizedBits } from '../protocol/generation.ts';
import { type InstalledModel, quantizedPath, type SwappableComponent } from '../protocol/models.ts';
import { parseConfig } from '../protocol/parse-config.ts';
import type { Size } from '../protocol/placement.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Session } from '../runtime/session.ts';
import { INDEX_FILE } from './repository-layout.ts';
import { readWeightFiles } from './weight-files.ts';

export type LatentChannels = Pick<AutoencoderKLConfig, 'latent_channels'>;

/** ONNX graphs that somebody exported, each opened as a session with the inputs and outputs of our own graph for it. */
export interface OnnxGraphs {
  textEncoder(
    runtime: Runtime,
    name: string,
    config: CLIPTextConfig,
    shape: TextShape,
    outputs: TextOutputs,
  ): Promise<Session>;
  unet(runtime: Runtime, config: UNet2DConditionConfig, shape: UNetShape): Promise<Session>;
  /** @param shape in latent pixels */
  vaeDecoder(runtime: Runtime, config: LatentChannels, shape: Size): Promise<Session>;
  /** @param shape in pixels */
  vaeEncoder(runtime: Runtime, config: LatentChannels, shape: Size): Promise<Session>;
  /** How many numbers a component's weights are. */
  parameters(component: string): Promise<number>;
}

/**
 * A model's configurations, vocabularies, and tensors or graphs, wherever each of them comes from. Components are called
 * as in diffusers: `text_encoder`, `text_encoder_2`, `unet`, `vae`.
 */
export interface ModelSource {
  /** Configurations and vocabularies, under the paths they have in a diffusers repository. */
  readonly files: ModelFiles;
  /** All tensors of a component, by diffusers' names. @throws AppError unsupported-model, download-failed, corrupt-file */
  tensors(component: string): Promise<Tensors>;
  /** The component's ONNX graph, for models that come as graphs; those have no tensors. */
  graphs(component: string): OnnxGraphs | undefined;
  /** The quantised copy of a component's weights, by the same names; undefined when there is none. */
  quantized(component: string, bits: QuantizedBits): Promise<Tensors | undefined>;
}

/** Reads quantised copies from among a model's files. */
export function quantizedIn(files: ModelFiles): ModelSource['quantized'] {
  return async (component, bits) => {
    const path = quantizedPath(component, bits);
    return files.has(path) ? readTensors(path, await files.file(path)) : undefined;
  };
}

/** A repository in diffusers' layout. */
export function repositorySource(files: ModelFiles): ModelSource {
  return {
    files,
    tensors: (component) => readWeightFiles(files, component),
    graphs: () => undefined,
    quantized: quantizedIn(files),
  };
}

/**
 * A repository that is a single component, with its files at the root.
 * @param className the component's class
 */
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
        path === INDEX_FILE ? { [component]: ['', className] } : files.json(inside(path)),
    },
    tensors: (name) => readWeightFiles(files, name, ''),
    graphs: () => undefined,
    quantized: async () => undefined,
  };
}

/** The same model with one component taken from another model. Whether they fit together shows when it is loaded. */
export function withComponent(
  source: ModelSource,
  component: SwappableComponent | 'text_encoder_2',
  donor: ModelSource,
): ModelSource {
  const from = (path: string) => (path.startsWith(`${component}/`) ? donor.files : source.files);
  const index = async ({ files }: ModelSource) => (await files.json(INDEX_FILE)) as Record<string, unknown>;
  return {
    files: {
      has: (path) => from(path).has(path),
      file: (path) => from(path).file(path),
      json: async (path) =>
        path === INDEX_FILE
          ? { ...(await index(source)), [component]: (await index(donor))[component] }
          : from(path).json(path),
    },
    tensors: (name) => (name === component ? donor : source).tensors(name),
    graphs: (name) => (name === component ? donor : source).graphs(name),
    quantized: (name, bits) => (name === component ? donor : source).quantized(name, bits),
  };
}

/** An AutoencoderTiny (TAESD) that shows latents while they are being denoised. */
export interface TinyVae {
  readonly config: AutoencoderTinyConfig;
  readonly tensors: Tensors;
}

/** Whether an installed component can show previews. */
export const isPreviewVae = ({ className }: Pick<InstalledModel, 'className'>) =>
  className === 'AutoencoderTiny';

/** @throws AppError unsupported-model when the repository is another kind of VAE */
export async function readTinyVae(files: ModelFiles): Promise<TinyVae> {
  return {
    config: parseConfig('vae', AutoencoderTinyConfig, await files.json('config.json')),
    tensors: await readWeightFiles(files, 'vae', ''),
  };
}

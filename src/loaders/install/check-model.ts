import { Weights } from '../../checkpoint/weights.ts';
import type { ByteSource } from '../../graph/byte-source.ts';
import { clipTextModel } from '../../models/clip.ts';
import {
  AutoencoderKLConfig,
  AutoencoderTinyConfig,
  CLIPTextConfig,
  UNet2DConditionConfig,
} from '../../models/config.ts';
import { autoencoderTinyDecoder, autoencoderTinyEncoder } from '../../models/tiny-vae.ts';
import { unet2DConditionModel } from '../../models/unet.ts';
import { autoencoderKLDecoder, autoencoderKLEncoder } from '../../models/vae.ts';
import { parseConfig } from '../../protocol/parse-config.ts';
import type { ModelSource } from '../model-source.ts';
import { loaderOf } from '../pipelines.ts';
import { INDEX_FILE, readModelIndex } from '../repository-layout.ts';
import { isLoraFile, singleFileSource } from '../single-file/single-file-source.ts';

/** Small, and in the dtype that is cast to most; what a graph asks of its file depends on neither. */
const TARGET = { provider: 'webgpu', dtype: 'float16' } as const;
const LATENTS = { height: 16, width: 16 };
const IMAGE = { height: 128, width: 128 };

/**
 * Builds every graph of a model, which asks the headers of its files for every tensor by name, shape and type; no weight is
 * read. What this finds would be found when the model is first used, after gigabytes were copied.
 * @throws AppError unsupported-model, naming the key of a configuration or the tensor
 */
export async function checkModel({ files, tensors }: Pick<ModelSource, 'files' | 'tensors'>): Promise<void> {
  const index = readModelIndex(await files.json(INDEX_FILE));
  for (const name of loaderOf(index).components(index)) {
    const config = parseComponent(name, index.classes[name], await files.json(`${name}/config.json`));
    if (config) build(config, Weights.of(name, await tensors(name)));
  }
}

/**
 * The same for a .safetensors file that is a model by itself, or a LoRA, which is not checked. Gives what it is.
 * @throws AppError unsupported-model, corrupt-file
 */
export async function checkFile(path: string, file: ByteSource): Promise<'model' | 'lora'> {
  if (await isLoraFile(path, file)) return 'lora';
  await checkModel(await singleFileSource(path, file, null));
  return 'model';
}

/**
 * Reads the configurations of a repository's components.
 * @param index what model_index.json says
 * @throws AppError unsupported-model, naming the key
 */
export async function checkConfigs(index: unknown, json: (path: string) => Promise<unknown>): Promise<void> {
  const modelIndex = readModelIndex(index);
  for (const name of loaderOf(modelIndex).components(modelIndex))
    parseComponent(name, modelIndex.classes[name], await json(`${name}/config.json`));
}

/**
 * A component's configuration, and its class; undefined for a class that is not among these.
 * @throws AppError unsupported-model, naming the key
 */
export function parseComponent(name: string, className: string | undefined, json: unknown) {
  switch (className) {
    case 'UNet2DConditionModel':
      return { className, config: parseConfig(name, UNet2DConditionConfig, json) } as const;
    case 'AutoencoderKL':
      return { className, config: parseConfig(name, AutoencoderKLConfig, json) } as const;
    case 'AutoencoderTiny':
      return { className, config: parseConfig(name, AutoencoderTinyConfig, json) } as const;
    case 'CLIPTextModel':
    case 'CLIPTextModelWithProjection':
      return { className, config: parseConfig(name, CLIPTextConfig, json) } as const;
    default:
      return undefined;
  }
}

function build(component: NonNullable<ReturnType<typeof parseComponent>>, weights: Weights): void {
  const { className, config } = component;
  switch (className) {
    case 'UNet2DConditionModel':
      unet2DConditionModel(config, weights, TARGET, { ...LATENTS, sequenceLength: 77, batch: 2 });
      break;
    case 'AutoencoderKL':
      autoencoderKLDecoder(config, weights, TARGET, LATENTS);
      autoencoderKLEncoder(config, weights, TARGET, IMAGE);
      break;
    case 'AutoencoderTiny':
      autoencoderTinyDecoder(config, weights, TARGET, LATENTS);
      autoencoderTinyEncoder(config, weights, TARGET, IMAGE);
      break;
    default: {
      const pooled = className === 'CLIPTextModelWithProjection';
      const outputs = { skip: pooled ? 1 : 0, normed: true, pooled, injected: false };
      clipTextModel(config, weights, TARGET, { batch: 1, sequenceLength: 77 }, outputs);
    }
  }
}

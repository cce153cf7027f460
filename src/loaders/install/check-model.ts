import { Weights } from '../../checkpoint/weights.ts';
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
import { INDEX_FILE, readModelIndex, weightedComponents } from '../repository-layout.ts';

/** Small, and in the dtype that is cast to most; what a graph asks of its file depends on neither. */
const TARGET = { provider: 'webgpu', dtype: 'float16' } as const;
const SIZE = { height: 16, width: 16 };

/**
 * Builds every graph of a model, which asks the headers of its files for every tensor by name, shape and type; no weight is
 * read. What this finds would be found when the model is first used, after gigabytes were copied.
 * @throws AppError unsupported-model, naming the key of a configuration or the tensor
 */
export async function checkModel({ files, tensors }: Pick<ModelSource, 'files' | 'tensors'>): Promise<void> {
  const index = readModelIndex(await files.json(INDEX_FILE));
  for (const name of weightedComponents(index)) {
    const json = await files.json(`${name}/config.json`);
    const build = GRAPHS[index.classes[name] as keyof typeof GRAPHS];
    build?.(name, json, Weights.of(name, await tensors(name)));
  }
}

/** Makes the graphs of each class of components. */
const GRAPHS = {
  UNet2DConditionModel: (name: string, json: unknown, weights: Weights) => {
    const config = parseConfig(name, UNet2DConditionConfig, json);
    unet2DConditionModel(config, weights, TARGET, { ...SIZE, sequenceLength: 77, batch: 2 });
  },
  AutoencoderKL: (name: string, json: unknown, weights: Weights) => {
    const config = parseConfig(name, AutoencoderKLConfig, json);
    autoencoderKLDecoder(config, weights, TARGET, SIZE);
    autoencoderKLEncoder(config, weights, TARGET, { height: 128, width: 128 });
  },
  AutoencoderTiny: (name: string, json: unknown, weights: Weights) => {
    const config = parseConfig(name, AutoencoderTinyConfig, json);
    autoencoderTinyDecoder(config, weights, TARGET, SIZE);
    autoencoderTinyEncoder(config, weights, TARGET, { height: 128, width: 128 });
  },
  CLIPTextModel: (name: string, json: unknown, weights: Weights) => textEncoder(name, json, weights, false),
  CLIPTextModelWithProjection: (name: string, json: unknown, weights: Weights) =>
    textEncoder(name, json, weights, true),
};

function textEncoder(name: string, json: unknown, weights: Weights, pooled: boolean): void {
  const config = parseConfig(name, CLIPTextConfig, json);
  const outputs = { skip: pooled ? 1 : 0, normed: true, pooled, injected: false };
  clipTextModel(config, weights, TARGET, { batch: 1, sequenceLength: 77 }, outputs);
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { type StoredTensor, type Tensors, Weights, widenTensors } from '../../checkpoint/weights.ts';
import type { ByteSource } from '../../graph/byte-source.ts';
import type { Graph, GraphTarget } from '../../graph/graph.ts';
import { clipTextModel } from '../../models/clip.ts';
import { AutoencoderKLConfig, CLIPTextConfig, UNet2DConditionConfig } from '../../models/config.ts';
import { unet2DConditionModel } from '../../models/unet.ts';
import { autoencoderKLDecoder, autoencoderKLEncoder } from '../../models/vae.ts';
import type { Prediction } from '../../protocol/models.ts';
import { parseConfig } from '../../protocol/parse-config.ts';
import { DDIMConfig } from '../../schedulers/ddim.ts';
import { EulerDiscreteConfig } from '../../schedulers/euler.ts';
import { PNDMConfig } from '../../schedulers/pndm.ts';
import {
  type Configs,
  type FullSize,
  type Golden,
  read,
  readHeader,
  widened,
} from '../golden/single-file/files.ts';
import type { SingleFile } from './single-file.ts';

const FOLDER = join(import.meta.dirname, '../golden/single-file');
const golden = (name: string) => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Golden;
const FULL_SIZE = (
  JSON.parse(gunzipSync(readFileSync(join(FOLDER, 'full-size.json.gz'))).toString()) as {
    models: Record<string, FullSize>;
  }
).models;

async function bytesOf({ blob, offset, length }: StoredTensor): Promise<Uint8Array> {
  return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
}

/** Every component's tensors as golden/single_file.py writes them. */
async function fingerprint({ components }: SingleFile): Promise<Golden['components']> {
  const result: Record<string, Record<string, [number[], string]>> = {};
  for (const [component, tensors] of Object.entries(components)) {
    const rows: Record<string, [number[], string]> = {};
    for (const [name, tensor] of tensors) {
      const sha256 = createHash('sha256')
        .update(await bytesOf(tensor))
        .digest('hex');
      rows[name] = [[...tensor.shape], sha256.slice(0, 16)];
    }
    result[component] = rows;
  }
  return result;
}

const TARGET: GraphTarget = { provider: 'wasm', dtype: 'float32' };

/** Builds every graph of a checkpoint; each must ask for all there is. Returns the files they point at. */
function buildAll({ components, configs }: SingleFile, prediction: Prediction): string[] {
  const json = configs(prediction);
  const paths = new Set<string>();
  const build = (component: string, graphs: (weights: Weights) => Graph[]) => {
    const weights = Weights.of(component, components[component] as Tensors);
    for (const { files } of graphs(weights)) for (const path of files.keys()) paths.add(path);
    expect(weights.unused()).toEqual([]);
  };
  const unet = parseConfig('unet', UNet2DConditionConfig, json['unet/config.json']);
  build('unet', (w) => [
    unet2DConditionModel(unet, w, TARGET, { height: 16, width: 24, sequenceLength: 77, batch: 2 }),
  ]);
  const vae = parseConfig('vae', AutoencoderKLConfig, json['vae/config.json']);
  build('vae', (w) => [
    autoencoderKLDecoder(vae, w, TARGET, { height: 8, width: 16 }),
    autoencoderKLEncoder(vae, w, TARGET, { height: 64, width: 128 }),
  ]);
  for (const name of ['text_encoder', 'text_encoder_2'].filter((component) => component in components)) {
    const config = parseConfig(name, CLIPTextConfig, json[`${name}/config.json`]);
    const outputs = { skip: 0, normed: true, pooled: name === 'text_encoder_2', injected: false };
    build(name, (w) => [clipTextModel(config, w, TARGET, { batch: 1, sequenceLength: 77 }, outputs)]);
  }
  return [...paths].sort();
}

const SAMPLERS = {
  PNDMScheduler: PNDMConfig,
  DDIMScheduler: DDIMConfig,
  EulerDiscreteScheduler: EulerDiscreteConfig,
};

/** What is found says what diffusers' own configurations say, in every key that a graph or a sampler reads. */
function expectConfigs(found: Readonly<Record<string, unknown>>, expected: Configs): void {
  for (const [path, config] of Object.entries(expected)) {
    const json = found[path];
    if (path === 'unet/config.json') {
      expect(parseConfig(path, UNet2DConditionConfig, json)).toEqual(
        parseConfig(path, UNet2DConditionConfig, config),
      );
      expect(json).toMatchObject({ sample_size: config.sample_size });
    } else if (path === 'vae/config.json') {
      expect(parseConfig(path, AutoencoderKLConfig, json)).toEqual(
        parseConfig(path, AutoencoderKLConfig, config),
      );
    } else if (path === 'scheduler/scheduler_config.json') {
      const { _class_name: name } = config;
      const schema = SAMPLERS[name as keyof typeof SAMPLERS];
      expect(json).toMatchObject({ _class_name: name });
      expect(v.parse(schema, json)).toEqual(v.parse(schema, config));
    } else expect(json).toMatchObject(config);
  }
}

/** diffusers' default is not written out. */
const predictionOf = ({ configs }: Pick<Golden, 'configs'>) =>
  (configs['scheduler/scheduler_config.json']?.prediction_type ?? 'epsilon') as Prediction;

const FILES = [
  ['sd1', { kind: 'sd1', inpainting: false, prediction: undefined }],
  ['sd1-inpaint', { kind: 'sd1', inpainting: true, prediction: undefined }],
  ['sd2', { kind: 'sd2', inpainting: false, prediction: undefined }],
  ['sdxl', { kind: 'sdxl', inpainting: false, prediction: 'v_prediction' }],
  ['sdxl-refiner', { kind: 'sdxl-refiner', inpainting: false, prediction: undefined }],
] as const;

describe.each(FILES)('%s', (name, said) => {
  const expected = golden(name);

  test('every tensor has diffusers’ name, shape and bytes', async () => {
    const file = await read(expected.file);
    expect(file).toMatchObject(said);
    expect(await fingerprint(file)).toEqual(expected.components);
  });

  test('the configurations are diffusers’, and the graphs ask for every tensor', async () => {
    const file = await readHeader(expected.file);
    const prediction = predictionOf(expected);
    expectConfigs(file.configs(prediction), expected.configs);
    const own = name.startsWith('sdxl') ? ['x.safetensors/text_encoder_2/text_projection.weight'] : [];
    expect(buildAll(file, prediction)).toEqual(['x.safetensors', ...own]);
  });

  test('in float32 and bfloat16, too', async () => {
    const floats = Object.entries(expected.file).filter(([key]) => !key.endsWith('position_ids'));
    const shapes = Object.fromEntries(floats);
    const { components } = await read(shapes);
    for (const dtype of ['F32', 'BF16'] as const) {
      const file = await read(shapes, dtype);
      for (const [component, tensors] of Object.entries(components)) {
        const wide = widenTensors(file.components[component] as Tensors);
        const blobs = new Map<string, ByteSource>();
        expect(wide.size).toBe(tensors.size);
        for (const [key, half] of tensors) {
          const tensor = wide.get(key) as StoredTensor;
          const bits = new Uint16Array((await bytesOf(half)).buffer);
          expect([tensor.dtype, tensor.shape]).toEqual(['F32', half.shape]);
          expect(Buffer.compare(await bytesOf(tensor), new Uint8Array(widened(bits).buffer))).toBe(0);
          // A path names one file of a component.
          expect(blobs.get(tensor.path) ?? tensor.blob).toBe(tensor.blob);
          blobs.set(tensor.path, tensor.blob);
        }
      }
    }
  });
});

describe('other ways to write the same file', () => {
  /** Another key for a tensor, and perhaps another shape of the same bytes. */
  type Rewrite = (key: string, shape: readonly number[]) => readonly [key: string, shape: readonly number[]];
  const same = async (name: string, rewrite: Rewrite) => {
    const { file, components } = golden(name);
    const shapes = Object.fromEntries(Object.entries(file).map(([key, shape]) => rewrite(key, shape)));
    expect(await fingerprint(await read(shapes))).toEqual(components);
  };

  test('a text encoder without text_model in its names', () =>
    same('sd1', (key, shape) => [key.replace('transformer.text_model.', 'transformer.'), shape]));

  test('a VAE whose names begin with vae', () =>
    same('sd1-inpaint', (key, shape) => [key.replace(/^first_stage_model\./, 'vae.'), shape]));

  test('a VAE whose attention has matrices with diffusers’ names', () => {
    const names = { q: 'to_q', k: 'to_k', v: 'to_v', proj_out: 'to_out.0' };
    return same('sd1-inpaint', (key, shape) => {
      const [, module, name, parameter] = /^(.+\.attn_1)\.(q|k|v|proj_out)\.(\w+)$/.exec(key) ?? [];
      return name === undefined
        ? [key, shape]
        : [`${module}.${names[name as keyof typeof names]}.${parameter}`, shape.slice(0, 2)];
    });
  });

  /** stable-diffusion.cpp's `convert_open_clip_to_hf_clip_name` (name_conversion.cpp). */
  const inCpp = (key: string) => {
    const found = /^cond_stage_model\.model\.(?!logit_scale)(?:transformer\.resblocks\.)?(.+)$/.exec(
      key,
    )?.[1];
    if (found === undefined) return key;
    const names = {
      ...{ token_embedding: 'embeddings.token_embedding', ln_final: 'final_layer_norm' },
      ...{ positional_embedding: 'embeddings.position_embedding.weight' },
      ...{ 'attn.in_proj_': 'self_attn.in_proj.', 'attn.out_proj': 'self_attn.out_proj' },
      ...{ ln_1: 'layer_norm1', ln_2: 'layer_norm2', 'mlp.c_fc': 'mlp.fc1', 'mlp.c_proj': 'mlp.fc2' },
    };
    const renamed = Object.entries(names).reduce((name, [old, now]) => name.replace(old, now), found);
    const layer = /^\d/.test(renamed) ? 'encoder.layers.' : '';
    return `cond_stage_model.transformer.text_model.${layer}${renamed}`;
  };

  test('Stable Diffusion 2 with stable-diffusion.cpp’s names, the three matrices in one or apart', async () => {
    await same('sd2', (key, shape) => [inCpp(key), shape]);
    const { file, components } = golden('sd2');
    const shapes = Object.entries(file).flatMap(([key, [rows = 0, ...columns]]) => {
      const name = inCpp(key);
      if (name.endsWith('token_embedding.weight')) return [[name, [rows, 1024]]];
      if (!name.includes('.in_proj.')) return [[name, [rows, ...columns]]];
      return ['q', 'k', 'v'].map((one) => [name.replace('in_', `${one}_`), [rows / 3, ...columns]]);
    });
    const { kind, components: found } = await readHeader(Object.fromEntries(shapes));
    expect(kind).toBe('sd2');
    expect([...(found.text_encoder as Tensors).keys()].sort()).toEqual(
      Object.keys(components.text_encoder ?? {}).sort(),
    );
  });

  test('Stable Diffusion 2 without the layer that diffusers leaves out', async () => {
    const { file, components } = golden('sd2');
    const shapes = Object.entries(file).filter(([key]) => !/resblocks\.2\.|text_projection/.test(key));
    const { components: found } = await readHeader(Object.fromEntries(shapes));
    expect([...(found.text_encoder as Tensors).keys()].sort()).toEqual(
      Object.keys(components.text_encoder ?? {}).sort(),
    );
  });

  test('a distilled SDXL, whose levels differ in depth and whose mid block has no attention', async () => {
    const { file } = golden('sdxl');
    const cut = /middle_block\.[12]\.|output_blocks\.1\.1\.transformer_blocks\.[12]\./;
    const shapes = Object.fromEntries(Object.entries(file).filter(([key]) => !cut.test(key)));
    const found = await readHeader(shapes);
    expect(found.configs('epsilon')['unet/config.json']).toMatchObject({
      mid_block_type: 'UNetMidBlock2D',
      transformer_layers_per_block: [1, [2], [3]],
      reverse_transformer_layers_per_block: [[3, 1], [2, 2], 1],
    });
    buildAll(found, 'epsilon');
  });

  test('ComfyUI’s projection of the first text encoder, without “transformer”', async () => {
    const { file } = golden('sdxl');
    const { components } = await readHeader({ ...file, 'conditioner.embedders.0.text_projection': [64, 64] });
    expect(Object.values(components).map(({ size }) => size)).toEqual(
      Object.values(golden('sdxl').components).map((tensors) => Object.keys(tensors).length),
    );
  });

  test('the second text encoder’s projection as transformers has it', async () => {
    const { file } = golden('sdxl');
    const name = 'conditioner.embedders.1.model.text_projection';
    const { [name]: shape = [], ...rest } = file;
    const { components } = await readHeader({ ...rest, [`${name}.weight`]: shape.toReversed() });
    expect(components.text_encoder_2?.get('text_projection.weight')?.shape).toEqual(shape.toReversed());
  });

  test('a file with tensors that training and other programs left in it', async () => {
    const { file } = golden('sd1');
    const { components } = await readHeader({
      ...file,
      'cond_stage_model.logit_scale': [],
      'cond_stage_model.transformer.text_projection.weight': [64, 64],
      'cond_stage_model.text_projection': [64, 64],
      'first_stage_model.loss.logvar': [],
      'first_stage_model.model_ema.decay': [],
      'model_ema.diffusion_modelinput_blocks00weight': [4],
      alphas_cumprod: [8],
    });
    expect(Object.values(components).map(({ size }) => size)).toEqual(
      Object.values(golden('sd1').components).map((tensors) => Object.keys(tensors).length),
    );
  });
});

describe.each(Object.keys(FULL_SIZE))('the real %s', (kind) => {
  const expected = FULL_SIZE[kind] as FullSize;

  test('has diffusers’ names, shapes and configurations', async () => {
    const file = await readHeader(expected.file);
    for (const [component, shapes] of Object.entries(expected.components)) {
      const found = [...(file.components[component] as Tensors)].map(([name, { shape }]) => [name, shape]);
      expect(Object.fromEntries(found)).toEqual(shapes);
    }
    expectConfigs(file.configs(predictionOf(expected)), expected.configs);
    buildAll(file, predictionOf(expected));
  });
});

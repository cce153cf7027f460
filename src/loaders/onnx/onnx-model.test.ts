import { existsSync, openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Weights } from '../../checkpoint/weights.ts';
import type { Feeds } from '../../graph/graph.ts';
import { savedRepository } from '../../hub/golden/saved-repository.ts';
import type { ModelFiles } from '../../hub/repo.ts';
import { UNet2DConditionConfig } from '../../models/config.ts';
import {
  type GoldenTensor,
  type GoldenTensors,
  readGoldenTensors,
  relativeError,
} from '../../models/golden/cases.ts';
import { unet2DConditionModel } from '../../models/unet.ts';
import { encodeModel } from '../../onnx/encode.ts';
import { parseConfig } from '../../protocol/parse-config.ts';
import { Runtime } from '../../runtime/runtime.ts';
import type { Session } from '../../runtime/session.ts';
import { readModelConfigs } from '../model-configs.ts';
import { onnxConfigs } from './onnx-configs.ts';
import { openOnnxTextEncoder, openOnnxUnet, openOnnxVaeDecoder, openOnnxVaeEncoder } from './onnx-model.ts';

const ROOT = join(import.meta.dirname, '../../..');
const FOLDER = join(import.meta.dirname, '../../pipeline/golden/onnx');
const runtime = await Runtime.open('wasm');

const repository = (name: string) =>
  savedRepository(
    (path) => existsSync(join(FOLDER, name, path)),
    (path) => openAsBlob(join(FOLDER, name, path)),
  );

const readConfigs = async (files: ModelFiles) => readModelConfigs(await onnxConfigs(files), () => {});

/** One component's tensors in golden.safetensors. */
async function golden(name: string, component: string): Promise<GoldenTensors> {
  const all = Object.entries(
    await readGoldenTensors(await openAsBlob(join(FOLDER, name, 'golden.safetensors'))),
  );
  return Object.fromEntries(
    all.flatMap(([key, tensor]) =>
      key.startsWith(`${component}.`) ? [[key.slice(component.length + 1), tensor] as const] : [],
    ),
  );
}

const feedsOf = (tensors: GoldenTensors): Feeds =>
  Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data]));

async function expectAsGolden(
  session: Session,
  feeds: Feeds,
  expected: Readonly<Record<string, GoldenTensor>>,
  limit: number,
): Promise<void> {
  const results = await session.run(feeds);
  for (const [name, tensor] of Object.entries(expected)) {
    const error = relativeError(results[name] as Float32Array, tensor);
    expect(error, name).toBeLessThan(limit);
  }
  await session.release();
}

const space = ({ shape }: GoldenTensor) => ({ height: shape[2] as number, width: shape[3] as number });

// Measured in float32: 2e-6 and less; in float16: 5e-4 for the text encoders, 7e-4 for the VAE, 2.2e-3 for the UNet.
const LIMIT = 1e-4;
const HALF_LIMIT = 1e-2;

describe('graphs in Optimum’s layout, float32, with open sizes and weights in files beside them', async () => {
  const files = repository('lcm');
  const configs = await readConfigs(files);

  test('the text encoder computes what diffusers does', async () => {
    const tensors = await golden('lcm', 'text_encoder');
    const config = configs.textEncoders[0]?.config as { num_hidden_layers: number };
    const shape = { batch: 1, sequenceLength: 77 };
    const outputs = { skip: 0, normed: true, pooled: false, injected: false };
    const session = await openOnnxTextEncoder(runtime, files, 'text_encoder', config, shape, outputs);
    const expected = { encoder_hidden_states: tensors.last as GoldenTensor };
    await expectAsGolden(session, feedsOf(tensors), expected, LIMIT);
  });

  test('the UNet computes what diffusers does', async () => {
    const tensors = await golden('lcm', 'unet');
    const shape = { ...space(tensors.sample as GoldenTensor), sequenceLength: 77, batch: 2 } as const;
    const session = await openOnnxUnet(runtime, files, configs.unet, shape);
    await expectAsGolden(
      session,
      feedsOf(tensors),
      { out_sample: tensors.out_sample as GoldenTensor },
      LIMIT,
    );
  });

  test('the VAE computes what diffusers does', async () => {
    const tensors = await golden('lcm', 'vae');
    const { config } = configs.vae;
    const decoder = await openOnnxVaeDecoder(
      runtime,
      files,
      config,
      space(tensors.latent_sample as GoldenTensor),
    );
    await expectAsGolden(decoder, feedsOf(tensors), { sample: tensors.decoded as GoldenTensor }, LIMIT);
    const encoder = await openOnnxVaeEncoder(runtime, files, config, space(tensors.sample as GoldenTensor));
    const encoded = { latent_parameters: tensors.encoded as GoldenTensor };
    await expectAsGolden(encoder, feedsOf(tensors), encoded, LIMIT);
  });
});

describe('graphs in float16, with fixed sizes, both texts at once, weights inside, and no config.json', async () => {
  const files = repository('sdxl');
  const configs = await readConfigs(files);

  test.each([0, 1] as const)('text encoder %i computes what diffusers does', async (i) => {
    const { name, config } = configs.textEncoders[i] as (typeof configs.textEncoders)[0];
    const tensors = await golden('sdxl', name);
    const outputs = { skip: 1, normed: false, pooled: i === 1, injected: false };
    const shape = { batch: 1, sequenceLength: 77 };
    const session = await openOnnxTextEncoder(runtime, files, name, config, shape, outputs);
    const { penultimate, text_embeds } = tensors;
    const expected = {
      encoder_hidden_states: penultimate as GoldenTensor,
      ...(text_embeds && { text_embeds }),
    };
    await expectAsGolden(session, feedsOf(tensors), expected, HALF_LIMIT);
  });

  test('the UNet computes what diffusers does', async () => {
    const tensors = await golden('sdxl', 'unet');
    const shape = { ...space(tensors.sample as GoldenTensor), sequenceLength: 77, batch: 2 } as const;
    const session = await openOnnxUnet(runtime, files, configs.unet, shape);
    await expectAsGolden(
      session,
      feedsOf(tensors),
      { out_sample: tensors.out_sample as GoldenTensor },
      HALF_LIMIT,
    );
  });

  test('the VAE computes what diffusers does', async () => {
    const tensors = await golden('sdxl', 'vae');
    const decoder = await openOnnxVaeDecoder(runtime, files, configs.vae.config, { height: 8, width: 8 });
    await expectAsGolden(decoder, feedsOf(tensors), { sample: tensors.decoded as GoldenTensor }, HALF_LIMIT);
  });
});

describe('a graph for one text', async () => {
  const read = (path: string) => openAsBlob(join(ROOT, 'src/models/golden/unet-lcm', path));
  const json: unknown = JSON.parse(await (await read('config.json')).text());
  const config = parseConfig('unet', UNet2DConditionConfig, json);
  const tensors = await readGoldenTensors(await read('golden.safetensors'));
  const size = space(tensors.sample as GoldenTensor);
  const weights = await Weights.open('unet', await read('model.safetensors'));
  const shape = { ...size, sequenceLength: 9, batch: 1 } as const;
  // Safelight's own graph, in place of an exported one.
  const model = encodeModel(unet2DConditionModel(config, weights, runtime.target, shape));
  const given: Readonly<Record<string, unknown>> = {
    'unet/model.onnx': new Blob([model.bytes.slice()]),
    ...Object.fromEntries(model.externalData.map(({ path, data }) => [`unet/${path}`, data])),
  };
  const files: ModelFiles = {
    has: (path) => path in given,
    file: async (path) => given[path] as Blob,
    json: async () => ({}),
  };

  test('runs once per text', async () => {
    const session = await openOnnxUnet(runtime, files, config, { ...shape, batch: 2 });
    await expectAsGolden(
      session,
      feedsOf(tensors),
      { out_sample: tensors.out_sample as GoldenTensor },
      LIMIT,
    );
  });

  test.each([
    ['width', { width: size.width + 2 }],
    ['height', { height: size.height + 2 }],
    ['width', { width: size.width + 1 }],
    ['prompt', { sequenceLength: 18 }],
  ])('refuses a request with another %s, without blaming the model', async (field, other) => {
    await expect(openOnnxUnet(runtime, files, config, { ...shape, ...other })).rejects.toMatchObject({
      code: 'invalid-request',
      details: { component: 'unet', field },
    });
  });

  test('is refused when its width isn’t the configuration’s', async () => {
    const other = { ...config, cross_attention_dim: 48 };
    await expect(openOnnxUnet(runtime, files, other, shape)).rejects.toMatchObject({
      code: 'unsupported-model',
      details: { component: 'unet', expected: 'encoder_hidden_states [1,9,48]' },
    });
  });

  test('is refused without its weights, and their file named in the error', async () => {
    const bare = { ...files, has: (path: string) => path === 'unet/model.onnx' };
    await expect(openOnnxUnet(runtime, bare, config, shape)).rejects.toMatchObject({
      code: 'unsupported-model',
      details: { component: 'unet', expected: 'unet/part-0', found: 'none' },
    });
  });
});

test('on a GPU without float16 a graph that needs it is refused before anything is loaded', async () => {
  const { unet } = await readConfigs(repository('sdxl'));
  const gpu = { hasF16: false } as Runtime;
  const shape = { height: 8, width: 8, sequenceLength: 77, batch: 1 } as const;
  await expect(openOnnxUnet(gpu, repository('sdxl'), unet, shape)).rejects.toMatchObject({
    code: 'unsupported-model',
    details: { component: 'unet', expected: 'a GPU with shader-f16' },
  });
});

test('outputs that a graph doesn’t have are refused', async () => {
  const files = repository('lcm');
  const { textEncoders } = await readConfigs(files);
  const { config } = textEncoders[0] as (typeof textEncoders)[0];
  const shape = { batch: 1, sequenceLength: 77 };
  const open = (other: object) => {
    const outputs = { skip: 0, normed: true, pooled: false, injected: false, ...other };
    return openOnnxTextEncoder(runtime, files, 'text_encoder', config, shape, outputs);
  };
  await expect(open({ injected: true })).rejects.toMatchObject({ code: 'unsupported-embedding' });
  await expect(open({ skip: 1 })).rejects.toMatchObject({
    code: 'invalid-request',
    details: { field: 'clipSkip', found: 1 },
  });
  await expect(open({ skip: 1, normed: false })).rejects.toMatchObject({
    code: 'unsupported-model',
    details: { expected: 'hidden_states.1' },
  });
  await expect(open({ pooled: true })).rejects.toMatchObject({ details: { expected: 'text_embeds' } });
});

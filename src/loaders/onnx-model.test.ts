import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Weights } from '../checkpoint/weights.ts';
import type { ModelFiles } from '../hub/repo.ts';
import type { Picture } from '../image/picture.ts';
import { UNet2DConditionConfig } from '../models/config.ts';
import { type GoldenTensor, type GoldenTensors, readTensors, relativeError } from '../models/golden/cases.ts';
import { unet2DConditionModel } from '../models/unet.ts';
import { encodeModel } from '../onnx/encode.ts';
import { savedRepository } from '../pipeline/golden/repository.ts';
import { type GoldenRequest, toRequest, worstDifference } from '../pipeline/golden/runs.ts';
import { stableDiffusion } from '../pipeline/stable-diffusion.ts';
import { parseConfig } from '../protocol/parse-config.ts';
import { Runtime } from '../runtime/runtime.ts';
import type { Feeds, Session } from '../runtime/session.ts';
import { Components } from './components.ts';
import { readModelParts } from './model-parts.ts';
import { repositorySource, withComponent } from './model-source.ts';
import { openOnnxTextEncoder, openOnnxUnet, openOnnxVaeDecoder, openOnnxVaeEncoder } from './onnx-model.ts';
import { onnxConfigs } from './onnx-parts.ts';
import { onnxSource } from './onnx-source.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(import.meta.dirname, '../pipeline/golden/onnx');
const runtime = await Runtime.open('wasm');

const repository = (name: string) =>
  savedRepository(
    (path) => existsSync(join(FOLDER, name, path)),
    (path) => openAsBlob(join(FOLDER, name, path)),
  );

const readParts = async (files: ModelFiles, onLoad: () => void) =>
  readModelParts(await onnxConfigs(files), onLoad);

/** A part's tensors of golden.safetensors. */
async function golden(name: string, part: string): Promise<GoldenTensors> {
  const all = Object.entries(await readTensors(await openAsBlob(join(FOLDER, name, 'golden.safetensors'))));
  return Object.fromEntries(
    all.flatMap(([key, tensor]) =>
      key.startsWith(`${part}.`) ? [[key.slice(part.length + 1), tensor] as const] : [],
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

describe('Optimum’s layout, float32, sizes free, weights beside the graph', async () => {
  const files = repository('lcm');
  const parts = await readParts(files, () => {});

  test('text encoder', async () => {
    const tensors = await golden('lcm', 'text_encoder');
    const config = parts.textEncoders[0]?.config as { num_hidden_layers: number };
    const shape = { batch: 1, sequenceLength: 77 };
    const outputs = { skip: 0, normed: true, pooled: false, injected: false };
    const session = await openOnnxTextEncoder(runtime, files, 'text_encoder', config, shape, outputs);
    const expected = { encoder_hidden_states: tensors.last as GoldenTensor };
    await expectAsGolden(session, feedsOf(tensors), expected, LIMIT);
  });

  test('UNet', async () => {
    const tensors = await golden('lcm', 'unet');
    const shape = { ...space(tensors.sample as GoldenTensor), sequenceLength: 77, batch: 2 } as const;
    const session = await openOnnxUnet(runtime, files, parts.unet, shape);
    await expectAsGolden(
      session,
      feedsOf(tensors),
      { out_sample: tensors.out_sample as GoldenTensor },
      LIMIT,
    );
  });

  test('VAE', async () => {
    const tensors = await golden('lcm', 'vae');
    const { config } = parts.vae;
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

describe('float16, sizes fixed, both texts at once, weights in the graph, no config.json', async () => {
  const files = repository('sdxl');
  const parts = await readParts(files, () => {});

  test.each([0, 1] as const)('text encoder %i', async (i) => {
    const { name, config } = parts.textEncoders[i] as (typeof parts.textEncoders)[0];
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

  test('UNet', async () => {
    const tensors = await golden('sdxl', 'unet');
    const shape = { ...space(tensors.sample as GoldenTensor), sequenceLength: 77, batch: 2 } as const;
    const session = await openOnnxUnet(runtime, files, parts.unet, shape);
    await expectAsGolden(
      session,
      feedsOf(tensors),
      { out_sample: tensors.out_sample as GoldenTensor },
      HALF_LIMIT,
    );
  });

  test('VAE', async () => {
    const tensors = await golden('sdxl', 'vae');
    const decoder = await openOnnxVaeDecoder(runtime, files, parts.vae.config, { height: 8, width: 8 });
    await expectAsGolden(decoder, feedsOf(tensors), { sample: tensors.decoded as GoldenTensor }, HALF_LIMIT);
  });
});

const FAMILIES = join(import.meta.dirname, '../pipeline/golden/families');
const { runs } = JSON.parse(readFileSync(join(FAMILIES, 'runs.json'), 'utf8')) as {
  runs: (GoldenRequest & { readonly family: string; readonly scheduler_config?: unknown })[];
};

// Of the weights of golden/families.py, in the two layouts. Measured: 0, 1, 1, 1.
test.each([
  [12, 2],
  [13, 2],
  [6, 2],
  [7, 2],
] as const)('run %i of the families: the picture is diffusers’ within %i of 255', async (i, limit) => {
  const run = runs[i] as (typeof runs)[0];
  const at = (path: string) => join(FOLDER, run.family, path);
  const files = savedRepository(
    (path) => existsSync(at(path)),
    (path) => openAsBlob(at(path)),
    run.scheduler_config,
  );
  const components = await Components.open(await onnxSource(files), runtime, () => {});
  const picture = await paint(components, run);
  const worst = worstDifference(picture, readFileSync(join(FAMILIES, `${i}.rgb`)));
  expect(worst).toBeLessThanOrEqual(limit);
});

async function paint(components: Components, run: GoldenRequest): Promise<Picture> {
  const pictures: Picture[] = [];
  const keep = async (event: { stage: string; picture?: Picture }) => {
    if (event.stage === 'image') pictures.push(event.picture as Picture);
  };
  await stableDiffusion(components, { ...toRequest(run), image: null }, keep, new AbortController().signal);
  return pictures[0] as Picture;
}

describe('with parts of other models', () => {
  const run = runs[12] as (typeof runs)[0];
  const ready = repository(run.family);
  const saved = join(FAMILIES, run.family);
  const built = savedRepository(
    (path) => existsSync(join(saved, path)),
    (path) => openAsBlob(join(saved, path)),
  );

  test.each(['vae', 'unet', 'text_encoder'] as const)('%s, either way', async (component) => {
    const [own, other] = [await onnxSource(ready), repositorySource(built)];
    for (const source of [withComponent(own, component, other), withComponent(other, component, own)]) {
      const picture = await paint(await Components.open(source, runtime, () => {}), run);
      expect(worstDifference(picture, readFileSync(join(FAMILIES, '12.rgb')))).toBeLessThanOrEqual(2);
    }
  });

  test('LoRAs and copies in fewer bits are refused in words', async () => {
    const components = await Components.open(await onnxSource(ready), runtime, () => {});
    const lora = { name: 'style', textEncoderWeight: 1, unetWeight: 1, file: new Blob([]) };
    await expect(components.setLoras([lora])).rejects.toMatchObject({ code: 'unsupported-lora' });
    await expect(components.setBits(8)).rejects.toMatchObject({ code: 'not-installed' });
    await expect(components.parameters()).resolves.toMatchObject({ unet: 52_100 });
  });
});

describe('a graph for one text', async () => {
  const read = (path: string) => openAsBlob(join(ROOT, 'src/models/golden/unet-lcm', path));
  const json: unknown = JSON.parse(await (await read('config.json')).text());
  const config = parseConfig('unet', UNet2DConditionConfig, json);
  const tensors = await readTensors(await read('golden.safetensors'));
  const size = space(tensors.sample as GoldenTensor);
  const weights = await Weights.open('unet', await read('model.safetensors'));
  const shape = { ...size, sequenceLength: 9, batch: 1 } as const;
  // A graph of our own stands in for one that somebody made.
  const model = encodeModel(unet2DConditionModel(config, weights, runtime.target, shape));
  const given: Readonly<Record<string, Blob>> = {
    'unet/model.onnx': new Blob([model.bytes.slice()]),
    ...Object.fromEntries(model.externalData.map(({ path, data }) => [`unet/${path}`, data])),
  };
  const files: ModelFiles = {
    has: (path) => path in given,
    file: async (path) => given[path] as Blob,
    json: async () => ({}),
  };

  test('runs once for each', async () => {
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
  ])('asked for another %s is no fault of the model’s', async (field, other) => {
    await expect(openOnnxUnet(runtime, files, config, { ...shape, ...other })).rejects.toMatchObject({
      code: 'invalid-request',
      details: { component: 'unet', field },
    });
  });

  test('of another width than the configuration’s is refused', async () => {
    const other = { ...config, cross_attention_dim: 48 };
    await expect(openOnnxUnet(runtime, files, other, shape)).rejects.toMatchObject({
      code: 'unsupported-model',
      details: { component: 'unet', expected: 'encoder_hidden_states [1,9,48]' },
    });
  });

  test('without its weights is refused by their name', async () => {
    const bare = { ...files, has: (path: string) => path === 'unet/model.onnx' };
    await expect(openOnnxUnet(runtime, bare, config, shape)).rejects.toMatchObject({
      code: 'unsupported-model',
      details: { component: 'unet', expected: 'unet/unet', found: 'none' },
    });
  });
});

test('float16 on a GPU without it is said before anything is loaded', async () => {
  const { unet } = await readParts(repository('sdxl'), () => {});
  const gpu = { target: { provider: 'webgpu', dtype: 'float32' } } as Runtime;
  const shape = { height: 8, width: 8, sequenceLength: 77, batch: 1 } as const;
  await expect(openOnnxUnet(gpu, repository('sdxl'), unet, shape)).rejects.toMatchObject({
    code: 'unsupported-model',
    details: { component: 'unet', expected: 'a GPU with shader-f16' },
  });
});

test('what a graph does not give is said', async () => {
  const files = repository('lcm');
  const { textEncoders } = await readParts(files, () => {});
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

import { openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { StoredTensor, Tensors } from '../../checkpoint/weights.ts';
import type { ByteSource } from '../../graph/byte-source.ts';
import { type Golden, headerOnly } from '../golden/single-file/files.ts';
import { tinyModel } from '../golden/tiny-model.ts';
import { repositorySource } from '../model-source.ts';
import { readSingleFile } from '../single-file/single-file.ts';
import { checkConfigs, checkFile, checkModel } from './check-model.ts';

const ROOT = join(import.meta.dirname, '../../..');
const golden = (name: string): Golden =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../golden/single-file/${name}.json`), 'utf8'));

/** A single-file checkpoint of which only the header may be read, with some tensors changed. */
async function source(name: string, change: (tensor: StoredTensor, key: string) => StoredTensor) {
  const unreadable: ByteSource = {
    size: Number.MAX_SAFE_INTEGER,
    slice: () => unreadable,
    arrayBuffer: () => Promise.reject(new Error('weights were read')),
  };
  const stored = [...(await headerOnly(golden(name).file))];
  const tensors: Tensors = new Map(
    stored.map(([key, tensor]) => [key, change({ ...tensor, blob: unreadable }, key)]),
  );
  const file = await readSingleFile('x.safetensors', tensors);
  const configs = file.configs('epsilon');
  return {
    files: { has: () => true, file: () => Promise.reject(), json: async (path: string) => configs[path] },
    tensors: async (component: string) => file.components[component] as Tensors,
  };
}

test.each([
  'sd1',
  'sd1-inpaint',
  'sd2',
  'sdxl',
])('%s can run, and no weight of it is read to know', async (name) => {
  await expect(checkModel(await source(name, (tensor) => tensor))).resolves.toBeUndefined();
});

test('a repository can run', async () => {
  await expect(
    checkModel(repositorySource(tinyModel((path) => openAsBlob(join(ROOT, path))))),
  ).resolves.toBeUndefined();
});

test('a VAE alone, by diffusers’ names, is refused as what it is', async () => {
  const path = 'vae/diffusion_pytorch_model.safetensors';
  const file = await openAsBlob(join(ROOT, 'e2e/tiny-model', path));
  await expect(checkFile(path, file)).rejects.toMatchObject({
    details: { kind: 'lone-component', file: path, component: 'vae' },
  });
});

test.each([
  'F4',
  'F8_E8M0',
  'F8_E4M3FNUZ',
  'C64',
  'I32',
])('a weight of %s is refused by its name and type', async (dtype) => {
  const key = 'model.diffusion_model.input_blocks.1.0.in_layers.2.weight';
  const changed = await source('sd1', (tensor, name) => (name === key ? { ...tensor, dtype } : tensor));
  await expect(checkModel(changed)).rejects.toMatchObject({
    code: 'unsupported-model',
    details: {
      component: 'unet',
      expected: expect.stringMatching(/^down_blocks\.0\.resnets\.0\.conv1\.weight \[/),
      found: expect.stringMatching(`conv1\\.weight ${dtype} \\[`),
    },
  });
});

test.each(['F64', 'F32', 'BF16', 'F8_E4M3', 'F8_E5M2'])('all weights in %s can run', async (dtype) => {
  await expect(checkModel(await source('sd2', (tensor) => ({ ...tensor, dtype })))).resolves.toBeUndefined();
});

test('a type that nobody casts is no fault where no model reads the tensor', async () => {
  const changed = await source('sd1', (tensor, key) =>
    key.includes('position_ids') ? { ...tensor, dtype: 'C64' } : tensor,
  );
  await expect(checkModel(changed)).resolves.toBeUndefined();
});

test('a file that is a LoRA is none of these, and not refused', async () => {
  const lora = await openAsBlob(join(ROOT, 'src/pipeline/golden/lora/kohya.safetensors'));
  await expect(checkFile('style.safetensors', lora)).resolves.toBe('lora');
  const other = await openAsBlob(join(ROOT, 'src/pipeline/golden/mystyle.safetensors'));
  await expect(checkFile('word.safetensors', other)).rejects.toMatchObject({ code: 'unsupported-model' });
});

test.each([
  ['sd1-unet', 'unet'],
  ['sdxl-clip_g', 'text_encoder'],
])('a UNet or a text encoder alone can be a part of a model: %s', async (name, type) => {
  const packed = readFileSync(join(ROOT, `src/pipeline/golden/gguf-parts/${name}.gguf.gz`));
  await expect(checkFile(`${name}.gguf`, new Blob([gunzipSync(packed)]))).resolves.toBe(type);
});

/** The configuration of a real repository's UNet, as far as it is no Stable Diffusion: what is refused, and how it is said. */
test.each([
  [{ num_class_embeds: 1000, only_cross_attention: [true, true, true, false] }, 'num_class_embeds is 1000;'],
  [
    { class_embed_type: 'projection', projection_class_embeddings_input_dim: 1536 },
    'class_embed_type is "projection";',
  ],
  [
    { quantization_config: { quant_method: 'bitsandbytes' } },
    'quantization_config is {"quant_method":"bitsandbytes"};',
  ],
  [{ attention_type: 'gated' }, 'attention_type is "gated"; supported: "default"'],
  [{ addition_embed_type: 'image' }, 'addition_embed_type is "image"; supported: ("text" | "text_time")'],
  [{ down_block_types: ['ResnetDownsampleBlock2D'] }, 'down_block_types.0 is "ResnetDownsampleBlock2D";'],
])('of a repository, the configurations are enough to refuse %j', async (unet, sentence) => {
  const configs: Readonly<Record<string, unknown>> = { 'unet/config.json': unet, 'vae/config.json': {} };
  const index = {
    unet: ['diffusers', 'UNet2DConditionModel'],
    vae: ['diffusers', 'AutoencoderKL'],
    text_encoder: ['transformers', 'T5EncoderModel'],
  };
  await expect(checkConfigs(index, async (path) => configs[path])).rejects.toThrow(`unet: ${sentence}`);
});

import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTensors, type StoredTensor, Weights } from '../../checkpoint/weights.ts';
import type { Graph } from '../../graph/graph.ts';
import { savedRepository } from '../../hub/golden/saved-repository.ts';
import { UNet2DConditionConfig } from '../../models/config.ts';
import { controlNetModel } from '../../models/controlnet.ts';
import { parseConfig } from '../../protocol/parse-config.ts';
import { readControlFile, readControlRepository } from './control-file.ts';
import { controlKind } from './control-kind.ts';
import { controlNetConfig } from './controlnet-config.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CONTROLS = join(ROOT, 'src/pipeline/golden/controls');
const named = (name: string) => ({ name, hash: name });
const TARGET = { provider: 'wasm', dtype: 'float32' } as const;

const unetOf = (family: string) => {
  const folder = family === 'tiny-model' ? 'e2e/tiny-model' : `src/pipeline/golden/families/${family}`;
  const json = JSON.parse(readFileSync(join(ROOT, folder, 'unet/config.json'), 'utf8'));
  return parseConfig('unet', UNet2DConditionConfig, json);
};

/** A ControlNet of golden/controls.py, from its repository or its single file. */
async function read(name: string) {
  const folder = join(CONTROLS, name);
  if (!existsSync(folder)) return readControlFile(named(name), await openAsBlob(`${folder}.safetensors`));
  const files = savedRepository(
    (path) => existsSync(join(folder, path)),
    (path) => openAsBlob(join(folder, path)),
  );
  return readControlRepository(named(name), files);
}

const SHAPE = { height: 8, width: 8, sequenceLength: 77, batch: 2, isGuess: false, modes: [] } as const;

describe('a ControlNet’s graph has every tensor of its file', () => {
  test.each([
    ['edges', 'tiny-model', 'a repository'],
    ['depth', 'tiny-model', 'a single file, with names that begin with control_model'],
    ['xl', 'sdxl', 'a single file, with bare names'],
    ['xl-small', 'sdxl', 'a repository without transformers'],
    ['mask', 'inpaint', 'a repository, for a UNet with nine channels'],
  ])('%s for %s, %s', async (name, family) => {
    const file = await read(name);
    const weights = Weights.of('controlnet', file.tensors);
    controlNetModel(controlNetConfig(file, unetOf(family)), weights, TARGET, SHAPE);
    expect(weights.unused()).toEqual([]);
  });

  test('a file by itself may have diffusers’ names', async () => {
    const repository = await read('edges');
    const path = join(CONTROLS, 'edges/diffusion_pytorch_model.safetensors');
    const file = await readControlFile(named('edges'), await openAsBlob(path));
    expect(file.config).toBeUndefined();
    const [alone, together] = [file, repository].map((of) => {
      const weights = Weights.of('controlnet', of.tensors);
      return controlNetModel(controlNetConfig(of, unetOf('tiny-model')), weights, TARGET, SHAPE);
    });
    const described = (graph?: Graph) =>
      graph?.nodes.map(({ op, attributes, outputs }) => [op, attributes, outputs.map(({ shape }) => shape)]);
    expect(described(alone)).toEqual(described(together));
  });
});

describe('one that was made for another kind of model is refused', () => {
  test.each([
    ['edges', 'sdxl'],
    ['edges', 'sd2'],
    ['depth', 'sdxl'],
    ['depth', 'inpaint'],
    ['xl', 'tiny-model'],
    ['xl-small', 'sd2'],
    ['pose', 'tiny-model'],
  ])('%s for %s', async (control, family) => {
    const file = await read(control);
    const error = { code: 'unsupported-control', details: { kind: 'control-of-other-model', control } };
    expect(() => controlNetConfig(file, unetOf(family))).toThrow(expect.objectContaining(error));
  });
});

const shaped = (...keys: string[]) =>
  new Map(keys.map((key): [string, StoredTensor] => [key, { ...EMPTY, path: key }]));
const EMPTY = { dtype: 'F16', shape: [1], offset: 0, length: 2, blob: new Blob() };

// Names as the published files have them.
test('what a file is, is told by its keys', () => {
  const embedding = 'controlnet_cond_embedding.conv_in.weight';
  expect(controlKind(shaped(embedding))).toBe('ControlNet');
  expect(controlKind(shaped('input_hint_block.0.weight', 'zero_convs.0.0.weight'))).toBe('ControlNet');
  expect(controlKind(shaped('control_model.zero_convs.0.0.weight'))).toBe('ControlNet');
  expect(controlKind(shaped(embedding, 'task_embedding'))).toBe('ControlNet Union');
  expect(controlKind(shaped('input_hint_block.0.weight', 'lora_controlnet'))).toBe('ControlNet-LoRA');
  expect(controlKind(shaped('lllite_unet_input_blocks_4_1_attn1_to_q.down.0.weight'))).toBe('ControlLLLite');
  expect(controlKind(shaped('adapter.conv_in.weight', 'adapter.body.0.resnets.0.block1.weight'))).toBe(
    'T2I-Adapter',
  );
  expect(controlKind(shaped('conv_in.weight', 'body.0.block1.weight'))).toBe('old T2I-Adapter');
  expect(controlKind(shaped('image_proj.proj.weight', 'ip_adapter.1.to_k_ip.weight'))).toBe('IP-Adapter');
  expect(controlKind(shaped('model.diffusion_model.input_blocks.0.0.weight'))).toBeUndefined();
});

test('a file that is no control model, and one of another kind, are named', async () => {
  const path = join(ROOT, 'e2e/tiny-model/unet/diffusion_pytorch_model.safetensors');
  await expect(readControlFile(named('unet'), await openAsBlob(path))).rejects.toMatchObject({
    code: 'unsupported-control',
    details: { kind: 'no-control-model', control: 'unet' },
  });
  const header = JSON.stringify({ lora_controlnet: { dtype: 'F16', shape: [1], data_offsets: [0, 2] } });
  const size = new BigUint64Array([BigInt(header.length)]);
  const lora = new Blob([size, header, new Uint8Array(2)]);
  expect([...(await readTensors('lora', lora)).keys()]).toEqual(['lora_controlnet']);
  await expect(readControlFile(named('lora'), lora)).rejects.toMatchObject({
    code: 'unsupported-control',
    details: { kind: 'control-of-other-kind', control: 'lora', found: 'ControlNet-LoRA' },
  });
});

import { existsSync, openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { StoredTensor } from '../../checkpoint/weights.ts';
import { imageProjectionOf } from './image-projection-of.ts';
import { isEncoderOf, readIpAdapter } from './ip-adapter-file.ts';

const GOLDEN = join(import.meta.dirname, '../../pipeline/golden/ip-adapter');
async function read(name: string) {
  const path = ['models', 'sdxl_models'].map((folder) => join(GOLDEN, folder, `${name}.safetensors`));
  return readIpAdapter({ name, hash: name }, await openAsBlob(path.find(existsSync) as string));
}
const shaped = (shapes: Readonly<Record<string, readonly number[]>>) =>
  new Map(
    Object.entries(shapes).map(([name, shape]): [string, StoredTensor] => [
      `image_proj.${name}`,
      { ...{ dtype: 'F16', shape, offset: 0, length: 0, path: 'x', blob: new Blob() } },
    ]),
  );

test.each([
  ['plain', { kind: 'plain', inputWidth: 20, textWidth: 32 }],
  ['full-face', { kind: 'full', inputWidth: 24, textWidth: 32 }],
  ['plus', { kind: 'plus', inputWidth: 24, textWidth: 32, queries: 5, width: 16, heads: 2, depth: 4 }],
])('%s is known by its keys', async (name, projection) => {
  expect((await read(name)).projection).toEqual(projection);
});

/** The published ones by their shapes: what they read is what only one of the two encoders gives. */
describe('the encoder of h94’s adapters is found by what they read', () => {
  const H = { hidden_size: 1280, projection_dim: 1024 };
  const G = { hidden_size: 1664, projection_dim: 1280 };
  const plain = (width: number) => shaped({ 'proj.weight': [3072, width], 'norm.weight': [768] });
  const plus = (width: number, text: number) =>
    shaped({
      ...{ latents: [1, 16, 768], 'proj_in.weight': [768, width], 'proj_out.weight': [text, 768] },
      'layers.0.0.to_q.weight': [768, 768],
    });
  test.each([
    ['ip-adapter_sd15', plain(1024), H],
    ['ip-adapter_sd15_vit-G', plain(1280), G],
    ['ip-adapter-plus_sd15', plus(1280, 768), H],
    ['ip-adapter-plus_sdxl_vit-h', plus(1280, 2048), H],
    [
      'ip-adapter-full-face_sd15',
      shaped({ 'proj.0.weight': [1280, 1280], 'proj.3.weight': [768], 'proj.2.weight': [768, 1280] }),
      H,
    ],
  ])('%s', (name, tensors, encoder) => {
    const projection = imageProjectionOf(name, tensors);
    expect([H, G].filter((one) => isEncoderOf(projection, one))).toEqual([encoder]);
  });
});

test.each([
  [
    'FaceID',
    { 'proj.0.weight': [1024, 512], 'proj.2.weight': [3072, 1024], 'norm.weight': [768] },
    { kind: 'ip-adapter-face-id', found: 'FaceID' },
  ],
  [
    'FaceID Plus',
    { 'perceiver_resampler.proj_in.weight': [768, 1280], 'proj.0.weight': [1024, 512], 'norm.weight': [768] },
    { kind: 'ip-adapter-face-id', found: 'FaceID Plus' },
  ],
  ['something else', { 'first.weight': [3, 3] }, { kind: 'no-ip-adapter' }],
])('%s is refused by its name', (_, shapes, details) => {
  const reading = () => imageProjectionOf('some-adapter', shaped(shapes as never));
  expect(reading).toThrow(
    expect.objectContaining({
      code: 'unsupported-ip-adapter',
      details: { ...details, adapter: 'some-adapter' },
    }),
  );
});

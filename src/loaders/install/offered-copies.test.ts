import { openAsBlob, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { planCopy } from '../../checkpoint/gguf/copy-plan.ts';
import { readTensors, type StoredTensor } from '../../checkpoint/weights.ts';
import type { RepoFile } from '../../protocol/models.ts';
import type { FullSize } from '../golden/single-file/files.ts';
import { copiesOfFile, copiesOfRepository } from './offered-copies.ts';

const ROOT = join(import.meta.dirname, '../../..');
const fileOf = (path: string, size: number): RepoFile => ({ path, size, oid: 'a'.repeat(64) });

test('what is said of a repository’s copy is what is stored, within 1 %', async () => {
  const folder = join(ROOT, 'e2e/tiny-model');
  const config = async (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8')) as unknown;
  const paths = [
    ...['unet/diffusion_pytorch_model.safetensors', 'vae/diffusion_pytorch_model.safetensors'],
    ...['text_encoder/model.safetensors', 'tokenizer/vocab.json'],
  ];
  const files = paths.map((path) => fileOf(path, statSync(join(folder, path)).size));
  const copies = await copiesOfRepository(files, await config('model_index.json'), config);
  expect(copies.map(({ bits }) => bits)).toEqual([8, 4]);
  for (const { bits, bytes } of copies) {
    let stored = 0;
    for (const { path, size } of files) {
      const isCopied = /^(unet|text)/.test(path);
      const tensors = isCopied && (await readTensors(path, await openAsBlob(join(folder, path))));
      stored += tensors ? (planCopy(tensors, bits)?.size ?? 0) : size;
    }
    expect(Math.abs((bytes as number) / stored - 1), `${bits} bits`).toBeLessThan(0.01);
  }
  const other = files.map((file) => ({ ...file, size: Math.round(1.4 * file.size) }));
  const unknown = await copiesOfRepository(other, await config('model_index.json'), config);
  expect(unknown.map(({ bytes }) => bytes)).toEqual([null, null]);
  expect(await copiesOfRepository(files.slice(1, 2).concat(files.slice(3)), {}, config)).toEqual([]);
});

// Of its 5.135 GB in float16, 2.21 billion numbers are in linear layers: 34 or 20 bytes for 32 of them.
test('SDXL’s UNet takes 3.07 GB in 8 bits and 2.1 GB in 4', async () => {
  const packed = readFileSync(join(ROOT, 'src/loaders/golden/single-file/full-size.json.gz'));
  const { models } = JSON.parse(gunzipSync(packed).toString()) as { models: Record<string, FullSize> };
  const xl = Object.entries(models).find(([name]) => /xl/.test(name) && !/refiner/.test(name))?.[1];
  const tensors = Object.entries(xl?.components.unet ?? {}).map(([name, shape]): [string, StoredTensor] => {
    const length = 2 * shape.reduce((all, n) => all * n, 1);
    return [name, { dtype: 'F16', shape, offset: 0, length, path: '', blob: new Blob() }];
  });
  const copies = copiesOfFile(fileOf('unet.safetensors', 1), new Map(tensors));
  expect(copies.map(({ bytes }) => Math.round((bytes as number) / 1e7) / 100)).toEqual([3.07, 2.1]);
});

test('a file that is in few bits already has no copies', () => {
  const tensor = { dtype: 'U8', shape: [32, 32], offset: 0, length: 1024, path: '', blob: new Blob() };
  expect(copiesOfFile(fileOf('a.safetensors', 1), new Map([['a.weight', tensor]]))).toEqual([]);
});

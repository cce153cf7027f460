import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { savedRepository } from '../hub/golden/saved-repository.ts';
import { worstDifference } from '../image/golden/rgb.ts';
import { tinyModel } from '../loaders/golden/tiny-model.ts';
import { loadModel } from '../loaders/load-model.ts';
import { repositorySource } from '../loaders/model-source.ts';
import type { LoraFile } from '../loaders/weight-source.ts';
import { Runtime } from '../runtime/runtime.ts';
import golden from './golden/runs.json' with { type: 'json' };
import { type GoldenRequest, paint, toRequest } from './golden/runs.ts';

/** A run of golden/lora.py. */
interface LoraRun extends GoldenRequest {
  readonly family: string;
  readonly loras: readonly (readonly [name: string, weight: number])[];
}

const GOLDEN = join(import.meta.dirname, 'golden');
const { runs } = JSON.parse(readFileSync(join(GOLDEN, 'lora/runs.json'), 'utf8')) as { runs: LoraRun[] };
const runtime = await Runtime.open('wasm');

const cases = runs.map((run, i) => [run.loras.map((lora) => lora.join(' ')).join(', '), run, i] as const);

test.each(cases)('%s: the picture is diffusers’, within 2 of 255 at every pixel', async (_, run, i) => {
  const folder =
    run.family === 'tiny-model'
      ? join(GOLDEN, '../../../e2e/tiny-model')
      : join(GOLDEN, 'families', run.family);
  const files = savedRepository(
    (path) => existsSync(join(folder, path)),
    (path) => openAsBlob(join(folder, path)),
  );
  const model = await loadModel(repositorySource(files), runtime, () => {});
  const loras = run.loras.map(async ([name, weight]) => ({
    ...{ name, hash: name, textEncoderWeight: weight, unetWeight: weight },
    file: await openAsBlob(join(GOLDEN, `lora/${name}.safetensors`)),
  }));
  const differenceWith = async (files: readonly LoraFile[]): Promise<number> => {
    await model.setLoras(files);
    const image = await paint(model, toRequest(run));
    return worstDifference(image, readFileSync(join(GOLDEN, `lora/${i}.rgb`)));
  };
  expect(await differenceWith([])).toBeGreaterThan(20);
  expect(await differenceWith(await Promise.all(loras))).toBeLessThanOrEqual(2);
  expect(await differenceWith([])).toBeGreaterThan(20);
  await model.release();
});

test('a word inside a LoRA paints what diffusers paints with its file', async () => {
  const read = (path: string) => openAsBlob(join(GOLDEN, '../../..', path));
  const i = golden.runs.findIndex((run) => 'embedding' in run);
  const run = golden.runs[i] as GoldenRequest;
  const model = await loadModel(repositorySource(tinyModel(read)), runtime, () => {});
  // The same numbers under A1111’s key.
  const bytes = readFileSync(join(GOLDEN, '../../..', run.embedding as string));
  const end = 8 + Number(bytes.readBigUInt64LE());
  const header = bytes.subarray(8, end).toString().replace('emb_params', 'bundle_emb.mystyle.emb_params');
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(header.length));
  const file = new Blob([size, header, new Uint8Array(bytes.subarray(end))]);
  const tag = { name: 'style', textEncoderWeight: 1, unetWeight: 1 };
  const { embeddings } = await model.setLoras([{ ...tag, hash: 'style', file }]);
  const expected = readFileSync(join(GOLDEN, `${i}.rgb`));
  expect(worstDifference(await paint(model, toRequest(run, embeddings)), expected)).toBeLessThanOrEqual(2);
  expect(worstDifference(await paint(model, toRequest(run)), expected)).toBeGreaterThan(20);
  expect((await model.setLoras([])).embeddings).toEqual([]);
  await model.release();
});

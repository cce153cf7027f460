import { openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { savedRepository } from '../hub/golden/saved-repository.ts';
import { worstDifference } from '../image/golden/rgb.ts';
import { loadModel } from '../loaders/load-model.ts';
import { openLoneComponent, withLoneComponent } from '../loaders/single-file/lone-component-source.ts';
import { openSingleFile } from '../loaders/single-file/single-file-source.ts';
import { Runtime } from '../runtime/runtime.ts';
import { type GoldenRequest, paint, toRequest } from './golden/runs.ts';

interface PartRun extends GoldenRequest {
  /** The file of the part, and that of the model. */
  readonly name: string;
  readonly base: string;
}

const GOLDEN = join(import.meta.dirname, 'golden');
/** By golden/gguf_parts.py: each with another part than the model's own. */
const { runs } = JSON.parse(readFileSync(join(GOLDEN, 'gguf-parts/runs.json'), 'utf8')) as {
  runs: PartRun[];
};
const COMPONENTS = ['unet', 'text_encoder', 'unet', 'text_encoder_2'];
const runtime = await Runtime.open('wasm');
const CLIP = join(import.meta.dirname, '../../public/models/clip');
const vocabulary = savedRepository(
  () => true,
  (path) => openAsBlob(join(CLIP, path)),
);
const unpacked = (path: string) => new Blob([gunzipSync(readFileSync(join(GOLDEN, path)))]);

test.each(
  runs.map((run, i) => [run.name, COMPONENTS[i] as string, run] as const),
)('%s.gguf in the place of the model’s own %s: diffusers’ picture, within 2 of 255', async (name, component, run) => {
  const base = unpacked(`single-file/${run.base}.safetensors.gz`);
  const source = await openSingleFile(`${run.base}.safetensors`, base, null, vocabulary);
  const part = unpacked(`gguf-parts/${name}.gguf.gz`);
  const type = component === 'unet' ? 'unet' : 'text_encoder';
  const row = { type, files: [{ path: `${name}.gguf`, size: part.size, oid: '' }] } as const;
  const lone = await openLoneComponent(row, { file: async () => part });
  if (!lone) throw new Error(`${name} is none`);
  expect(lone.component).toBe(component);
  const model = await loadModel(await withLoneComponent(source, lone), runtime, () => {});
  const image = await paint(model, toRequest(run));
  await model.release();
  expect(worstDifference(image, readFileSync(join(GOLDEN, `gguf-parts/${name}.rgb`)))).toBeLessThanOrEqual(2);
});

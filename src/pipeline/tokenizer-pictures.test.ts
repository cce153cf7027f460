import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { savedRepository } from '../hub/golden/saved-repository.ts';
import type { ModelFiles } from '../hub/repo.ts';
import { worstDifference } from '../image/golden/rgb.ts';
import { loadModel } from '../loaders/load-model.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { Runtime } from '../runtime/runtime.ts';
import { type GoldenRequest, paint, toRequest } from './golden/runs.ts';

/** A run of golden/tokenizer_pictures.py: the layout of golden/tokenizer_layouts.py for each tokenizer's folder. */
interface TokenizerRun extends GoldenRequest {
  readonly family: string;
  readonly layouts: Readonly<Record<string, string>>;
}

const ROOT = join(import.meta.dirname, '../..');
const json = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
const { runs } = json('src/pipeline/golden/tokenizers/runs.json') as { runs: TokenizerRun[] };
const { layouts } = json('src/tokenizer/golden/layouts.json') as {
  layouts: Record<string, { files: Record<string, unknown> }>;
};

/** The family's repository, with tokenizers as they are published in place of its own. */
function repository(run: TokenizerRun): ModelFiles {
  const [small, family] = ['e2e/tiny-model/tokenizer', `src/pipeline/golden/families/${run.family}`];
  const files = new Map<string, Blob>();
  for (const [folder, layout] of Object.entries(run.layouts)) {
    for (const name of ['vocab.json', 'merges.txt'])
      files.set(`${folder}/${name}`, new Blob([readFileSync(join(ROOT, small, name))]));
    for (const [name, content] of Object.entries(layouts[layout]?.files ?? {}))
      files.set(`${folder}/${name}`, new Blob([JSON.stringify(content)]));
  }
  const isTokenizer = (path: string) =>
    Object.keys(run.layouts).some((folder) => path.startsWith(`${folder}/`));
  return savedRepository(
    (path) => files.has(path) || (!isTokenizer(path) && existsSync(join(ROOT, family, path))),
    async (path) => files.get(path) ?? openAsBlob(join(ROOT, family, path)),
  );
}

const runtime = await Runtime.open('wasm');

test.each(
  runs.map((run) => [run.family, run] as const),
)('%s, with its tokenizer as published: the picture is diffusers’, within 2 of 255 at every pixel', async (family, run) => {
  const model = await loadModel(repositorySource(repository(run)), runtime, () => {});
  const image = await paint(model, toRequest(run));
  await model.release();
  const expected = readFileSync(join(ROOT, `src/pipeline/golden/tokenizers/${family}.rgb`));
  expect(worstDifference(image, expected)).toBeLessThanOrEqual(2);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ModelFiles } from '../hub/repo.ts';
import type { CLIPTextConfig } from '../models/config.ts';
import type { Session } from '../runtime/session.ts';
import type { ClipTokenizer } from '../tokenizer/clip.ts';
import { clipVocabulary } from '../tokenizer/clip-vocabulary.ts';
import { clipTextEncoder } from './clip-text-encoder.ts';
import { type Golden, readHeader } from './golden/single-file/files.ts';
import { countTokens } from './load-model.ts';
import { repositorySource } from './model-source.ts';
import { openTokenizer } from './open-tokenizer.ts';
import { TextEncoders } from './text-encoders.ts';

/** A tokenizer's folder of golden/tokenizer_layouts.py, and the chunks that transformers' ids make of its prompts. */
interface Layout {
  readonly files: Readonly<Record<string, unknown>>;
  readonly pad: number;
  readonly ids: number[][];
  readonly chunks: number[][][];
}

const ROOT = join(import.meta.dirname, '../..');
const { texts, prompts, layouts } = JSON.parse(
  readFileSync(join(ROOT, 'src/tokenizer/golden/layouts.json'), 'utf8'),
) as { texts: string[]; prompts: string[]; layouts: Record<string, Layout> };
const merges = readFileSync(join(ROOT, 'public/models/clip/merges.txt'), 'utf8');
const vocab = clipVocabulary(merges);

/** A repository that has only a tokenizer. */
function repository({ added_tokens, ...files }: Layout['files']): ModelFiles {
  const model = { vocab, merges: merges.trimEnd().split('\n').slice(1) };
  const all: Record<string, unknown> = added_tokens
    ? { ...files, 'tokenizer.json': { added_tokens, model } }
    : { ...files, 'vocab.json': vocab, 'merges.txt': merges };
  const name = (path: string) => path.replace('tokenizer/', '');
  return {
    has: (path) => name(path) in all,
    file: async (path) => new Blob([all[name(path)] as string]),
    json: async (path) => all[name(path)],
  };
}

/** The distinct ids that the text encoder is run with. */
async function encodedIds(tokenizer: ClipTokenizer, prompt: string, vocab_size = 49_411): Promise<string[]> {
  const config = { vocab_size, num_hidden_layers: 1, hidden_size: 1, eos_token_id: 2 } as CLIPTextConfig;
  const seen: string[] = [];
  const session = {
    run: async ({ input_ids }: { input_ids: Int32Array }) => {
      seen.push(input_ids.join());
      return { encoder_hidden_states: new Float32Array(input_ids.length).fill(1) };
    },
  } as unknown as Session;
  const states = { skip: 0, normed: true, pooled: false };
  const encoder = clipTextEncoder({ name: 'text_encoder', config, tokenizer }, states, async () => session);
  await new TextEncoders([encoder]).encode([prompt], { embeddings: [], clipSkip: 0, emphasis: 'original' });
  return seen;
}

const open = (layout: string) => openTokenizer(repository((layouts[layout] as Layout).files), 'tokenizer');

describe.each(Object.entries(layouts))('with a tokenizer in the layout %s', async (name, { chunks }) => {
  const tokenizer = await open(name);

  test.each(
    prompts.map((prompt, i) => [prompt, i] as const),
  )('%j reaches the text encoder with the ids and the padding of transformers', async (prompt, i) => {
    const expected = new Set(chunks[i]?.map((ids) => ids.join()));
    expect(await encodedIds(tokenizer, prompt)).toEqual([...expected]);
  });
});

test('Stable Diffusion 2 is padded with “!” although its tokenizer_config.json says otherwise', async () => {
  const [ids] = await encodedIds(await open('sd2'), 'hello!');
  expect(ids).toBe([49406, 3306, 0, 49407, ...Array(73).fill(0)].join());
});

test.each([
  ['sd1', 'text_encoder', 'sd1'],
  ['sd2', 'text_encoder', 'sd2'],
  ['sdxl', 'text_encoder', 'sdxl'],
  ['sdxl', 'text_encoder_2', 'sdxl-2'],
])('a %s checkpoint in one file gives its %s the tokenizer of the repository', async (name, encoder, layout) => {
  const path = join(import.meta.dirname, `golden/single-file/${name}.json`);
  const file = await readHeader((JSON.parse(readFileSync(path, 'utf8')) as Golden).file);
  const config =
    file.configs('epsilon')[`${encoder.replace('text_encoder', 'tokenizer')}/tokenizer_config.json`];
  const tokenizer = await openTokenizer(repository({ 'tokenizer_config.json': config }), 'tokenizer');
  const { pad, ids } = layouts[layout] as Layout;
  expect(tokenizer.padId).toBe(pad);
  expect(texts.map((text) => tokenizer.encode(text))).toEqual(ids);
});

test('a word that only the tokenizer knows is refused when a prompt has it', async () => {
  const tokenizer = await open('learned-older');
  await expect(encodedIds(tokenizer, 'a <cat-toy>', 49_408)).rejects.toMatchObject({
    code: 'unsupported-model',
    details: { component: 'text_encoder', found: '49408' },
  });
  await expect(encodedIds(tokenizer, 'a toy', 49_408)).resolves.toHaveLength(1);
});

test.each([
  ['without added_tokens.json', ['added_tokens.json'], 3],
  ['with all of its files', [], 0],
])('a model that learned three words has as many without a name %s', async (_, absent, unnamed) => {
  const { files } = layouts['learned-older'] as Layout;
  const kept = Object.fromEntries(Object.entries(files).filter(([name]) => !absent.includes(name)));
  const all = repository({ ...kept, 'text_encoder/config.json': { vocab_size: 49_411 } });
  const counts = await countTokens(repositorySource(all), ['a <cat-toy>'], []);
  expect(counts).toEqual({ room: 75, texts: [[unnamed === 0 ? 2 : 6]], unnamed });
});

test('a folder without a vocabulary is refused', async () => {
  const { has, ...files } = repository({});
  const empty = { ...files, has: (path: string) => !path.endsWith('/vocab.json') && has(path) };
  await expect(openTokenizer(empty, 'tokenizer')).rejects.toMatchObject({ code: 'unsupported-model' });
});

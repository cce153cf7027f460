import { expect, test, vi } from 'vitest';
import type { Caller } from '../../client/caller.ts';
import { AppError } from '../../protocol/errors.ts';
import type { EmbeddingFile } from '../../protocol/generation.ts';
import { createEmbeddingsStore } from './embeddings-store.ts';

const file = (name: string) => new File(['x'], name);

/** A store whose worker takes every file but those called bad. */
function setup(stored: readonly EmbeddingFile[] = []) {
  const change = vi.fn(async () => {});
  const call = async (_: string, { embeddings }: { embeddings: readonly EmbeddingFile[] }) => {
    if (embeddings.some(({ token }) => token === 'bad'))
      throw new AppError('unsupported-embedding', 'none', { kind: 'no-embedding', token: 'bad' });
    if (embeddings.some(({ token }) => token === 'lora'))
      throw new AppError('unsupported-embedding', 'a LoRA', { kind: 'lora-as-embedding', token: 'lora' });
  };
  const storage = { load: async () => stored, change, onChanged: () => {} };
  return { change, store: createEmbeddingsStore({ call } as unknown as Caller, storage).getState };
}

const tokens = ({ embeddings }: { embeddings: readonly EmbeddingFile[] }) =>
  embeddings.map(({ token }) => token);

test('a file is called by its name, and replaces another of that name', async () => {
  const { store, change } = setup();
  await store().add('trinket', [file('my.style.safetensors'), file('two.safetensors')]);
  const again = file('two.safetensors');
  await store().add('trinket', [again]);
  expect(tokens(store())).toEqual(['my.style', 'two']);
  expect(store().embeddings[1]?.file).toBe(again);
  expect(change).toHaveBeenLastCalledWith(new Map([['two', { token: 'two', file: again }]]));
  store().remove('two');
  expect(change).toHaveBeenLastCalledWith(new Map([['two', null]]));
  expect(tokens(store())).toEqual(['my.style']);
});

test('stored embeddings are there at the next visit', async () => {
  const { store } = setup([{ token: 'stored', file: file('stored.safetensors') }]);
  await store().load();
  expect(tokens(store())).toEqual(['stored']);
});

test('a file that is no embedding is refused with a reason, and the others are added', async () => {
  const { store } = setup();
  await store().add('trinket', [file('bad.safetensors'), file('good.safetensors')]);
  expect(tokens(store())).toEqual(['good']);
  expect(store().error?.details).toMatchObject({ token: 'bad' });
  await store().add('trinket', []);
  expect(store().error).toBeNull();
});

test('LoRAs among them are handed back', async () => {
  const { store } = setup();
  const lora = file('lora.safetensors');
  expect(await store().add('trinket', [lora, file('good.safetensors')])).toEqual([lora]);
  expect(tokens(store())).toEqual(['good']);
  expect(store().error).toBeNull();
});

test('without a storage that works, embeddings live as long as the page', async () => {
  const failing = {
    load: () => Promise.reject(new Error('no')),
    onChanged: () => {},
    change: () => Promise.reject(new Error('no')),
  };
  const store = createEmbeddingsStore({ call: async () => {} } as unknown as Caller, failing).getState;
  await store().load();
  await store().add('trinket', [file('a.safetensors')]);
  expect(tokens(store())).toEqual(['a']);
});

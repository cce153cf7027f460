import { expect, test, vi } from 'vitest';
import type { Caller } from '../../client/caller.ts';
import { AppError } from '../../protocol/errors.ts';
import type { StoredPicturePrompt } from '../../storage/stored-picture-prompt.ts';
import { createPicturePromptsStore, NEW_PICTURE_PROMPT, picturePromptsOf } from './picture-prompts-store.ts';

const NO_PICTURE = new Blob(['text']);
const prompt = (id: string, changes: Partial<StoredPicturePrompt> = {}): StoredPicturePrompt => ({
  ...{ ...NEW_PICTURE_PROMPT, id, ...changes },
});

/** A store whose worker takes every picture but one. */
function setup(stored: readonly StoredPicturePrompt[] = []) {
  const save = vi.fn(async (_: readonly StoredPicturePrompt[]) => {});
  const call = async (_: string, { file }: { file: Blob }) => {
    if (file === NO_PICTURE)
      throw new AppError('unsupported-image', 'text', { kind: 'not-a-picture', found: 'web-page' });
  };
  const storage = { load: async () => stored, save };
  return { save, store: createPicturePromptsStore({ call } as unknown as Caller, storage).getState };
}

test('of several files those that are pictures are taken, and what is none is said at its prompt', async () => {
  const { store, save } = setup();
  const [one, two] = [new Blob(['one']), new Blob(['two'])];
  await store().load();
  store().add(prompt('a'));
  store().add(prompt('b'));
  await store().show('a', [one, NO_PICTURE, two]);
  expect(store().prompts).toMatchObject([{ pictures: [one, two] }, { pictures: [] }]);
  expect(store().errors).toMatchObject({ a: { code: 'unsupported-image' } });
  expect(save).toHaveBeenLastCalledWith(store().prompts);
  await store().show('a', []);
  expect(store().errors).toEqual({});
  store().hide('a', 0);
  expect(store().prompts[0]?.pictures).toEqual([two]);
});

test('of more pictures than a prompt may have, the first are shown', async () => {
  const { store } = setup();
  store().add(prompt('a'));
  await store().show(
    'a',
    Array.from({ length: 20 }, (_, i) => new Blob([String(i)])),
  );
  expect(store().prompts[0]?.pictures).toHaveLength(16);
});

test('stored prompts are there at the next visit, before those that were added since; not where all were replaced', async () => {
  const { store, save } = setup([prompt('stored')]);
  store().add(prompt('added'));
  expect(save).not.toHaveBeenCalled();
  await store().ready();
  expect(store().prompts.map(({ id }) => id)).toEqual(['stored', 'added']);
  expect(save).toHaveBeenCalledExactlyOnceWith(store().prompts);

  const replaced = setup([prompt('stored')]).store;
  replaced().put([prompt('of a picture')]);
  await replaced().ready();
  expect(replaced().prompts.map(({ id }) => id)).toEqual(['of a picture']);
});

test('those count in a run that are on, and have pictures and an adapter', () => {
  const pictures = [new Blob(['one'])];
  const whole = {
    adapter: 'h94/IP-Adapter/models/plain.safetensors',
    pictures,
    scale: 0.7,
    parts: 'style',
  } as const;
  const prompts = [
    prompt('whole', whole),
    prompt('off', { ...whole, isOn: false }),
    prompt('no picture', { ...whole, pictures: [] }),
    prompt('no adapter', { ...whole, adapter: null }),
  ];
  expect(picturePromptsOf(prompts)).toEqual([whole]);
});

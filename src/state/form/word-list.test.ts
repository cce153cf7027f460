import { expect, test, vi } from 'vitest';
import type { WordList } from '../../storage/stored-files.ts';
import { createKeptList } from './kept-list.ts';
import { LARGEST_LIST, readWordList } from './word-list.ts';

function open(stored: readonly WordList[] = []) {
  const saved: (readonly [string, WordList | null])[][] = [];
  const tab = { stored, isFull: false, change: () => {} };
  const storage = {
    load: async () => tab.stored,
    change: async (changed: ReadonlyMap<string, WordList | null>) => {
      if (tab.isFull) throw new Error('full');
      saved.push([...changed]);
    },
    onChanged: (listen: () => void) => {
      tab.change = listen;
    },
  };
  const store = createKeptList(storage, readWordList);
  return { state: store.getState, saved, tab };
}

const text = (name: string, ...parts: BlobPart[]) => new File(parts, name);

test('a file is a list by its name: a line is an entry, comments and empty lines are none', async () => {
  const { state, saved } = open();
  const animals = text('animals.txt', '\uFEFF# of the zoo\r\ncat\r\n\r\n  black dog  \n{owl|eagle}\n');
  await state().add([animals, text('hats.old.txt', 'top hat')]);
  expect(state().items).toEqual([
    { name: 'animals', words: ['cat', 'black dog', '{owl|eagle}'] },
    { name: 'hats.old', words: ['top hat'] },
  ]);
  expect(state().items[0]?.words).toHaveLength(3);
  expect(saved.at(-1)).toEqual(state().items.map((list) => [list.name, list]));
});

test('what Windows wrote before UTF-8 is read too, and a name that no wildcard can have becomes one', async () => {
  const { state } = open();
  await state().add([text('__my__{best}.txt', new Uint8Array([0x4b, 0xe4, 0x73, 0x65]))]);
  expect(state().items).toEqual([{ name: 'my_best', words: ['Käse'] }]);
});

test('a list of a name that is there takes its place, and one that is deleted goes; both can be undone', async () => {
  const { state, saved } = open([{ name: 'animals', words: ['cat'] }]);
  await state().load();
  await state().add([text('animals.txt', 'dog')]);
  expect(state().items[0]?.words).toEqual(['dog']);
  expect(state().before?.names).toEqual(['animals']);
  state().undo();
  expect(state().items[0]?.words).toEqual(['cat']);
  expect(state().before).toBeNull();
  state().remove('animals');
  expect(state().items).toEqual([]);
  state().undo();
  expect(saved.slice(-2)).toEqual([[['animals', null]], [['animals', { name: 'animals', words: ['cat'] }]]]);
});

test('what is no list is named, and changes nothing', async () => {
  const { state } = open([{ name: 'animals', words: ['cat'] }]);
  await state().load();
  await state().add([
    text('large.txt', new Uint8Array(LARGEST_LIST + 1)),
    text('picture.txt', new Uint8Array([0x89, 0x50, 0, 0])),
    text('empty.txt', '# nothing\n\n'),
    text('!.txt', 'a'),
    text('birds.txt', 'owl'),
  ]);
  expect(state().faults).toEqual([
    { kind: 'too-large', name: 'large.txt', most: LARGEST_LIST },
    { kind: 'no-text', name: 'picture.txt' },
    { kind: 'no-words', name: 'empty.txt' },
    { kind: 'no-words', name: '!.txt' },
  ]);
  expect(state().items.map(({ name }) => name)).toEqual(['animals', 'birds']);
});

test('a request that comes before they are read waits for them', async () => {
  const { state } = open([{ name: 'animals', words: ['cat'] }]);
  await state().ready();
  expect(state().items).toEqual([{ name: 'animals', words: ['cat'] }]);
});

test('what another tab changes is seen here, and what could not be stored here stays', async () => {
  const { state, tab } = open([{ name: 'animals', words: ['cat'] }]);
  await state().load();
  tab.isFull = true;
  await state().add([text('hats.txt', 'top hat')]);
  tab.isFull = false;
  tab.stored = [
    { name: 'animals', words: ['dog'] },
    { name: 'birds', words: ['owl'] },
  ];
  tab.change();
  await vi.waitFor(() => expect(state().items.map(({ name }) => name)).toEqual(['animals', 'birds', 'hats']));
  expect(state().items[0]?.words).toEqual(['dog']);
  tab.stored = [];
  tab.change();
  await vi.waitFor(() => expect(state().items.map(({ name }) => name)).toEqual(['hats']));
});

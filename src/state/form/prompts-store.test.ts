import { expect, test } from 'vitest';
import { createPromptsStore } from './prompts-store.ts';

/** What two pages share. */
function shared(first?: unknown) {
  const items = new Map<string, string>();
  const storage = () => ({
    getItem: (name: string) => items.get(name) ?? (first ? JSON.stringify(first) : null),
    setItem: (name: string, value: string) => void items.set(name, value),
    removeItem: (name: string) => void items.delete(name),
  });
  return storage;
}

const remember = (store: ReturnType<typeof createPromptsStore>, ...prompts: string[]) => {
  for (const prompt of prompts) store.getState().remember({ prompt, negativePrompt: '' });
};

test('earlier prompts are there at the next visit, the newest first, each once, and none that is blank', () => {
  const storage = shared();
  remember(createPromptsStore(storage), 'a cat', 'a dog', ' ', 'a cat');
  const { texts } = createPromptsStore(storage).getState();
  expect(texts).toEqual({ prompt: ['a cat', 'a dog'], negativePrompt: [] });
});

test('what another tab has added stays', () => {
  const storage = shared();
  const [one, other] = [createPromptsStore(storage), createPromptsStore(storage)];
  remember(one, 'a cat');
  remember(other, 'a dog');
  remember(one, 'a fox');
  expect(createPromptsStore(storage).getState().texts.prompt).toEqual(['a fox', 'a dog', 'a cat']);
});

test('one can be deleted, or all of a field', () => {
  const storage = shared();
  const store = createPromptsStore(storage);
  store.getState().remember({ prompt: 'a cat', negativePrompt: 'blurry' });
  remember(store, 'a dog', 'a fox');
  store.getState().remove('prompt', 'a dog');
  expect(createPromptsStore(storage).getState().texts.prompt).toEqual(['a fox', 'a cat']);
  store.getState().clear('prompt');
  expect(createPromptsStore(storage).getState().texts).toEqual({ prompt: [], negativePrompt: ['blurry'] });
});

test('their number and their length have an end, and the newest stay', () => {
  const store = createPromptsStore(shared());
  for (let i = 0; i < 250; i++) remember(store, `prompt ${i}`);
  expect(store.getState().texts.prompt).toHaveLength(200);
  expect(store.getState().texts.prompt[0]).toBe('prompt 249');
  for (let i = 0; i < 20; i++) remember(store, String(i).padStart(9_000, 'x'));
  expect(store.getState().texts.prompt.join('').length).toBeLessThanOrEqual(50_000);
  expect(store.getState().texts.prompt[0]).toMatch(/x19$/);
});

test.each([
  [{ state: { texts: { prompt: 'a cat' } }, version: 1 }],
  [{ state: { texts: { prompt: [1, null, {}] } }, version: 1 }],
  [{ state: { texts: { prompt: ['x'.repeat(20_000)] } }, version: 1 }],
  [{ state: null, version: 1 }],
  [{ state: { texts: null }, version: 1 }],
])('a stored list that is none is empty: %j', (stored) => {
  expect(createPromptsStore(shared(stored)).getState().texts).toEqual({ prompt: [], negativePrompt: [] });
});

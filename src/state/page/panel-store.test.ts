import { expect, test } from 'vitest';
import { createPanelStore } from './panel-store.ts';

/** A storage that holds what an earlier visit left. */
function storageWith(left?: unknown) {
  const items = new Map<string, string>();
  const storage = {
    getItem: (name: string) => items.get(name) ?? (left === undefined ? null : JSON.stringify(left)),
    setItem: (name: string, value: string) => void items.set(name, value),
    removeItem: (name: string) => void items.delete(name),
  };
  return () => storage;
}

const AT_FIRST = {
  picture: true,
  control: false,
  picturePrompts: false,
  guidance: true,
  seed: true,
  advanced: false,
};

test('what most pictures need is open at first, and a group stays as it was left', () => {
  const storage = storageWith();
  const panel = createPanelStore(storage);
  expect(panel.getState().open).toEqual(AT_FIRST);
  panel.getState().turn('seed', false);
  panel.getState().turn('advanced', true);
  expect(createPanelStore(storage).getState().open).toEqual({ ...AT_FIRST, seed: false, advanced: true });
});

test.each([
  { state: { open: null }, version: 1 },
  { state: { open: { picture: 'yes', seed: 0, other: true } }, version: 1 },
  { state: null, version: 1 },
])('what is stored and is none of this changes nothing: %j', (left) => {
  expect(createPanelStore(storageWith(left)).getState().open).toEqual(AT_FIRST);
});

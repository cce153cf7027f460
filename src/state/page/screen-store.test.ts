import { expect, test } from 'vitest';
import { createScreenStore, screenIn, withScreen } from './screen-store.ts';

test('a screen is named in the address, before the form, and Create is not', () => {
  expect(withScreen('#prompt=a+cat&seed=3', 'gallery')).toBe('screen=gallery&prompt=a+cat&seed=3');
  expect(withScreen('screen=gallery&prompt=a+cat', 'models')).toBe('screen=models&prompt=a+cat');
  expect(withScreen('screen=gallery&prompt=a+cat', 'create')).toBe('prompt=a+cat');
  expect(withScreen('', 'models')).toBe('screen=models');
  expect(withScreen('', 'create')).toBe('');
});

test.each([
  ['', 'create'],
  ['#screen=gallery', 'gallery'],
  ['#seed=3&screen=models', 'models'],
  ['#screen=cellar', 'create'],
])('%j leads to %s', (hash, screen) => {
  expect(screenIn(hash)).toBe(screen);
});

test('each screen shown is an entry in the history, and Back is followed', () => {
  const entries = ['#seed=3'];
  const address = {
    readHash: () => entries.at(-1) ?? '',
    pushHash: (hash: string) => entries.push(`#${hash}`),
  };
  const { getState: state } = createScreenStore(address);
  state().show('gallery');
  state().show('gallery');
  expect(entries).toEqual(['#seed=3', '#screen=gallery&seed=3']);
  entries.pop();
  state().read();
  expect(state().screen).toBe('create');
});

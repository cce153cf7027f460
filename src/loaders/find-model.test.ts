import { afterEach, expect, test, vi } from 'vitest';
import { REQUEST_DEFAULTS } from '../protocol/generation.ts';
import { choiceKey, findModel, type ModelPlaces } from './find-model.ts';

const places: ModelPlaces = {
  root: new URL('http://localhost/app/'),
  openLibrary: () => Promise.reject(new Error('A bundled model is not in the library.')),
};

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a bundled model is read from its folder beside the page, and its files when they are needed', async () => {
  const requested: string[] = [];
  vi.stubGlobal('fetch', async (input: Request | URL | string) => {
    requested.push(new Request(input).url);
    return new Response('{"files": []}', { headers: { 'content-type': 'application/json' } });
  });
  const { source, previewVae } = await findModel({ ...REQUEST_DEFAULTS, model: 'trinket' }, places);
  expect(requested).toEqual(['http://localhost/app/models/trinket/manifest.json']);
  expect(source.files.has('unet/config.json')).toBe(false);
  expect(previewVae).toBeNull();
});

test('a bundled model never changes, so its key is its name', async () => {
  const key = await choiceKey({ ...REQUEST_DEFAULTS, model: 'trinket' }, places);
  expect(JSON.parse(key)).toEqual(['trinket', null, null, null, null]);
});

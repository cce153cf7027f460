import { expect, test } from 'vitest';
import { ownName } from '../../protocol/root.ts';
import { createHubStore, HUB, hubAccess, isMirror } from './hub-store.ts';

function storage(initial?: string) {
  const kept = new Map(initial === undefined ? [] : [[ownName('hub'), initial]]);
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

test('a token outlives the page only if it is to be remembered', () => {
  const place = storage();
  const open = () => createHubStore(() => place).getState();
  open().set({ token: 'hf_secret', mirror: 'https://mirror.example' });
  expect([...place.kept.values()].join()).not.toContain('hf_secret');
  expect(open()).toMatchObject({ token: '', mirror: 'https://mirror.example' });
  const store = createHubStore(() => place);
  store.getState().set({ token: 'hf_secret', remembersToken: true });
  expect(open().token).toBe('hf_secret');
  store.getState().set({ remembersToken: false });
  expect(open().token).toBe('');
});

test.each([
  ['', '', { endpoint: HUB, token: null }],
  ['not an address', ' ', { endpoint: HUB, token: null }],
  ['javascript:alert(1)', 'hf_x', { endpoint: HUB, token: 'hf_x' }],
  [' https://mirror.example/hub ', ' hf_x ', { endpoint: 'https://mirror.example/hub', token: 'hf_x' }],
])('the settings mirror %j, token %j as a request needs them', (mirror, token, access) => {
  const store = createHubStore(() => storage());
  store.getState().set({ mirror, token });
  expect(hubAccess(store.getState())).toEqual(access);
});

test('only http and https addresses are mirrors', () => {
  expect(['http://localhost:8080', 'https://a.b', 'ftp://a.b', 'a.b', ''].map(isMirror)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

test.each([
  'null',
  '{"state":{"mirror":7,"token":[],"remembersToken":"yes"},"version":1}',
])('stored %s is ignored', (stored) => {
  expect(createHubStore(() => storage(stored)).getState()).toMatchObject({
    mirror: '',
    token: '',
    remembersToken: false,
  });
});

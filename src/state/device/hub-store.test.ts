import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ownName } from '../../protocol/root.ts';
import { createHubStore, HUB, hubAccess, mirrorFault } from './hub-store.ts';

function storage(initial?: string) {
  const kept = new Map(initial === undefined ? [] : [[ownName('hub'), initial]]);
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

const MIRROR = 'https://mirror.example';

test('tokens outlive the page only if they are to be remembered', () => {
  const place = storage();
  const open = () => createHubStore(() => place).getState();
  open().set({ mirror: MIRROR });
  open().setToken('hf_secret');
  expect([...place.kept.values()].join()).not.toContain('hf_secret');
  expect(open()).toMatchObject({ tokens: {}, mirror: MIRROR });
  const store = createHubStore(() => place);
  store.getState().setToken('hf_secret');
  store.getState().set({ remembersToken: true });
  expect(hubAccess(open()).token).toBe('hf_secret');
  store.getState().set({ remembersToken: false });
  expect(hubAccess(open()).token).toBeNull();
});

test('a token is for the origin it was typed for, and for no other server', () => {
  const store = createHubStore(() => storage());
  const tokenAt = (mirror: string) => {
    store.getState().set({ mirror });
    return hubAccess(store.getState()).token;
  };
  store.getState().setToken('hf_hub');
  expect(tokenAt(MIRROR)).toBeNull();
  store.getState().setToken(' hf_mirror ');
  expect(tokenAt(`${MIRROR}/hub`)).toBe('hf_mirror');
  for (const other of ['https://mirror.example:8443', 'https://mirror.example.org', 'http://localhost:1'])
    expect(tokenAt(other), other).toBeNull();
  expect(tokenAt('')).toBe('hf_hub');
  expect(tokenAt(HUB)).toBe('hf_hub');
});

test('the token of earlier versions is the Hub’s, as the form said', () => {
  const stored = JSON.stringify({
    state: { mirror: MIRROR, token: 'hf_x', remembersToken: true },
    version: 1,
  });
  const store = createHubStore(() => storage(stored));
  expect(hubAccess(store.getState())).toEqual({ endpoint: MIRROR, token: null });
  store.getState().set({ mirror: '' });
  expect(hubAccess(store.getState())).toEqual({ endpoint: HUB, token: 'hf_x' });
});

test.each([
  ['', null, HUB],
  [' https://mirror.example/hub ', null, 'https://mirror.example/hub'],
  ['http://localhost:8080', null, 'http://localhost:8080'],
  ['http://127.0.0.1:8080', null, 'http://127.0.0.1:8080'],
  ['not an address', 'no-address', HUB],
  ['mirror.example', 'no-address', HUB],
  ['ftp://mirror.example', 'no-address', HUB],
  ['javascript:alert(1)', 'no-address', HUB],
  ['http://mirror.example', 'not-secure', HUB],
  ['http://192.168.0.7:8080', 'not-secure', HUB],
  ['http://localhost.mirror.example', 'not-secure', HUB],
  ['https://me:secret@mirror.example', 'has-password', HUB],
] as const)('of the mirror %j the form says %j, and %s is asked', (mirror, fault, endpoint) => {
  expect(mirrorFault(mirror)).toBe(fault);
  expect(hubAccess({ mirror, tokens: {} }).endpoint).toBe(endpoint);
});

test('the policy of the page lets it ask the mirrors that are not refused over http', () => {
  const [, sources = ''] = /connect-src ([^;]+)/.exec(readFileSync('public/_headers', 'utf8')) ?? [];
  const http = sources.split(' ').filter((source) => source.startsWith('http://'));
  expect(http).toEqual(['http://localhost:*', 'http://127.0.0.1:*']);
  expect(sources.split(' ')).toContain('https:');
  for (const source of http) expect(mirrorFault(source.replace('*', '8080'))).toBeNull();
});

test.each([
  'null',
  '{"state":{"mirror":7,"token":[],"tokens":{"https://huggingface.co":7},"remembersToken":"yes"},"version":1}',
])('stored %s is ignored', (stored) => {
  expect(createHubStore(() => storage(stored)).getState()).toMatchObject({
    mirror: '',
    tokens: {},
    remembersToken: false,
  });
});

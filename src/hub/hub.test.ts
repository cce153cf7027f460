import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Hub } from '../../e2e/hub.mjs';
import { STALL_MS } from './connection.ts';
import { fileUrl, listFiles, repoInfo } from './hub.ts';

let hub: Hub;
beforeEach(async () => {
  hub = await Hub.start();
  const names = Array.from({ length: 20 }, (_, i) => `unet/part ${i}.safetensors`);
  const files = new Map([...names, 'model_index.json'].map((name) => [name, Buffer.from(name)]));
  hub.repos.set('owner/open', { files, licence: 'openrail++' });
  hub.repos.set('owner/closed', { files, token: 'hf_let_me_in' });
});
afterEach(() => hub.close());

const access = (token: string | null = null) => ({ endpoint: hub.url, token });
const { signal } = new AbortController();
const original = fetch;
const name = (repo: string) => ({ repo, revision: 'main', file: null });

test('a repository has a commit, a licence and files, page by page', async () => {
  const info = await repoInfo(access(), name('owner/open'), signal);
  expect(info).toEqual({ sha: hub.sha('owner/open'), licence: 'openrail++' });
  const files = await listFiles(access(), 'owner/open', info.sha, signal);
  expect(files).toHaveLength(21);
  expect(files.find(({ path }) => path === 'model_index.json')?.oid).toHaveLength(40);
  expect(files.find(({ path }) => path === 'unet/part 3.safetensors')).toMatchObject({
    size: 'unet/part 3.safetensors'.length,
    oid: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(fileUrl(access(), 'owner/open', info.sha, 'unet/part 3.safetensors').href).toBe(
    `${hub.url}/owner/open/resolve/${info.sha}/unet/part%203.safetensors`,
  );
});

test.each([
  'refs/pr/6',
  'feature/faces',
  'v1.5 beta',
])('the revision %s has files of its own', async (revision) => {
  const files = new Map([['model_index.json', Buffer.from('{}')]]);
  hub.repos.set('owner/branched', {
    files: new Map([['only-in-main', Buffer.from('1')]]),
    revisions: new Map([[revision, files]]),
  });
  const info = await repoInfo(access(), { ...name('owner/branched'), revision }, signal);
  expect(info.sha).not.toBe(hub.sha('owner/branched'));
  const listed = await listFiles(access(), 'owner/branched', info.sha, signal);
  expect(listed.map(({ path }) => path)).toEqual(['model_index.json']);
});

test('a gated repository says what it holds, a private one only to those with its token', async () => {
  const info = await repoInfo(access(), name('owner/closed'), signal);
  expect(await listFiles(access(), 'owner/closed', info.sha, signal)).toHaveLength(21);
  hub.tokens.add('hf_other');
  Object.assign(hub.repos.get('owner/closed') as object, { isPrivate: true });
  for (const token of [null, 'hf_other'])
    await expect(repoInfo(access(token), name('owner/closed'), signal)).rejects.toMatchObject({
      code: 'repo-not-found',
      details: { repo: 'owner/closed' },
    });
  expect(await repoInfo(access('hf_let_me_in'), name('owner/closed'), signal)).toEqual(info);
});

test('a token that has expired is the fault, also where none is needed', async () => {
  for (const repo of ['owner/open', 'owner/closed', 'owner/gone'])
    await expect(repoInfo(access('hf_old'), name(repo), signal)).rejects.toMatchObject({
      code: 'token-refused',
    });
  for (const token of ['hf_“quoted”', 'hf two', 'hf\nlines'])
    await expect(repoInfo(access(token), name('owner/open'), signal)).rejects.toMatchObject({
      code: 'token-refused',
    });
});

test('a missing repository, a missing revision and a silent server have errors of their own', async () => {
  hub.tokens.add('hf_mine');
  for (const token of [null, 'hf_mine'])
    await expect(repoInfo(access(token), name('owner/gone'), signal)).rejects.toMatchObject({
      code: 'repo-not-found',
      details: { repo: 'owner/gone' },
    });
  const revision = { ...name('owner/open'), revision: 'v9' };
  await expect(repoInfo(access(), revision, signal)).rejects.toMatchObject({
    code: 'revision-not-found',
    details: { repo: 'owner/open', revision: 'v9' },
  });
  const silent = access();
  await hub.close();
  await expect(repoInfo(silent, name('owner/open'), signal)).rejects.toMatchObject({
    code: 'download-failed',
    details: { status: 'no-response' },
  });
  hub = await Hub.start();
});

test.each([
  '../x.json',
  'unet/%2e%2e/x.json',
  'unet\\x.json',
  '/x.json',
])('a list with the path %j is refused', async (path) => {
  hub.repos.set('owner/open', { files: new Map([[path, Buffer.from('{}')]]) });
  await expect(listFiles(access(), 'owner/open', hub.sha('owner/open'), signal)).rejects.toMatchObject({
    code: 'download-failed',
    details: { status: 'unexpected-response' },
  });
});

test.each([
  ['takes the question and says nothing', () => {}, 'download-failed'],
  [
    'begins to say why it refuses',
    (answer: ServerResponse) => answer.writeHead(404).write('{'),
    'repo-not-found',
  ],
  ['begins a list', (answer: ServerResponse) => answer.writeHead(200).write('{'), 'download-failed'],
])('a lookup of a server that %s ends', async (_, begin, code) => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const received = vi.fn();
  vi.spyOn(globalThis, 'fetch').mockImplementationOnce(async (request) => {
    const response = await original(request);
    received();
    return response;
  });
  const silent = createServer((_, answer) => begin(answer));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const asked = repoInfo({ endpoint, token: null }, name('owner/open'), signal);
  await once(silent, 'request');
  if (begin.length > 0) await vi.waitFor(() => expect(received).toHaveBeenCalled());
  vi.advanceTimersByTime(STALL_MS);
  vi.useRealTimers();
  await expect(asked).rejects.toMatchObject({ code });
  vi.restoreAllMocks();
  silent.closeAllConnections();
  silent.close();
});

test('an answer without end is not read to its end', async () => {
  let sent = 0;
  const megabyte = Buffer.alloc(1e6, ' ');
  const endless = createServer((_, answer) => {
    answer.writeHead(200);
    const send = () => {
      if (answer.destroyed) return;
      sent++;
      answer.write(megabyte, send);
    };
    send();
  });
  await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
  const asked = repoInfo({ endpoint, token: null }, name('owner/open'), signal);
  await expect(asked).rejects.toMatchObject({ code: 'download-failed', details: { status: 'not-json' } });
  expect(sent).toBeLessThan(100);
  endless.closeAllConnections();
  endless.close();
});

test.each([
  '-1',
  '0.5',
  '1e300',
  'Infinity',
  'NaN',
])('a list with a file of %s bytes is refused', async (size) => {
  const tree = `[{"type": "file", "path": "a.json", "size": ${size}, "oid": "${'0'.repeat(40)}"}]`;
  vi.spyOn(globalThis, 'fetch').mockResolvedValueOnce(new Response(tree));
  await expect(listFiles(access(), 'owner/open', '0'.repeat(40), signal)).rejects.toMatchObject({
    code: 'download-failed',
    details: { status: 'unexpected-response' },
  });
  vi.restoreAllMocks();
});

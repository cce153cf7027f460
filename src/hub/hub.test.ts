import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Hub } from '../../e2e/hub.mjs';
import { fileUrl, listFiles, parseRepoName, repoInfo } from './hub.ts';

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
const name = (repo: string) => ({ repo, revision: 'main', file: null });

test.each([
  ['runwayml/stable-diffusion-v1-5', 'runwayml/stable-diffusion-v1-5', 'main', null],
  ['  a/b_c-1.5  ', 'a/b_c-1.5', 'main', null],
  ['a/b@refs%2Fpr%2F6', 'a/b', 'refs/pr/6', null],
  ['https://huggingface.co/a/b', 'a/b', 'main', null],
  ['https://huggingface.co/a/b/', 'a/b', 'main', null],
  ['https://huggingface.co/a/b?library=diffusers#usage', 'a/b', 'main', null],
  ['https://huggingface.co/a/b/tree/fp16', 'a/b', 'fp16', null],
  ['https://hf-mirror.example/a/b/blob/main/x/y.safetensors', 'a/b', 'main', 'x/y.safetensors'],
  ['https://huggingface.co/a/b/resolve/v1/y.safetensors?download=true', 'a/b', 'v1', 'y.safetensors'],
  ['a/b/y.safetensors', 'a/b', 'main', 'y.safetensors'],
  ['a/b@v2/sub/y.safetensors', 'a/b', 'v2', 'sub/y.safetensors'],
])('%s is a repository name', (text, repo, revision, file) => {
  expect(parseRepoName(text)).toEqual({ repo, revision, file });
});

test.each([
  '',
  'a',
  '/',
  'a/',
  '/b',
  'a b/c',
  '../x',
  'a/../b',
  'a/b/c',
  'a/b/model.ckpt',
  'a/b--c',
  'a/b..c',
  'https://huggingface.co/',
  'https://huggingface.co/docs',
  'a/b/blob/main/x.bin',
])('%j is not a repository name', (text) => expect(parseRepoName(text)).toBeNull());

test('any text is read quickly, as a name or as none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 5000 }), (text) => {
      const parsed = parseRepoName(text);
      if (parsed) expect(parsed.repo).toMatch(/^[\w.-]+\/[\w.-]+$/);
    }),
  );
});

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

test('a gated repository needs its token', async () => {
  await expect(repoInfo(access(), name('owner/closed'), signal)).rejects.toMatchObject({
    code: 'repo-gated',
  });
  await expect(repoInfo(access('hf_wrong'), name('owner/closed'), signal)).rejects.toMatchObject({
    code: 'repo-gated',
  });
  const info = await repoInfo(access('hf_let_me_in'), name('owner/closed'), signal);
  expect(await listFiles(access('hf_let_me_in'), 'owner/closed', info.sha, signal)).toHaveLength(21);
});

test('a missing repository, a missing revision and a silent server have errors of their own', async () => {
  await expect(repoInfo(access(), name('owner/gone'), signal)).rejects.toMatchObject({
    code: 'repo-not-found',
    details: { repo: 'owner/gone' },
  });
  const revision = { ...name('owner/open'), revision: 'v9' };
  await expect(repoInfo(access(), revision, signal)).rejects.toMatchObject({ code: 'repo-not-found' });
  const silent = access();
  await hub.close();
  await expect(repoInfo(silent, name('owner/open'), signal)).rejects.toMatchObject({
    code: 'download-failed',
    details: { status: 'no-response' },
  });
  hub = await Hub.start();
});

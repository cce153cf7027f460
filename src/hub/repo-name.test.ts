import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../protocol/errors.ts';
import golden from './golden/addresses.json' with { type: 'json' };
import { parseRepoName } from './repo-name.ts';

const HUB = 'https://huggingface.co';
const parsedOrThrown = (text: string, endpoint = HUB) => {
  try {
    return parseRepoName(text, endpoint);
  } catch (error) {
    return error;
  }
};

/** Pages that huggingface_hub refuses, because they may stand for several things; here what they show is looked up. */
const OF_CHANGES = /\/(commit|discussions)\//;

test.each(
  golden.cases.filter(({ address }) => !OF_CHANGES.test(address)),
)('$address is what huggingface_hub takes it for', ({ address, read }) => {
  const parsed = parsedOrThrown(address, golden.endpoint);
  if (read) {
    const file = read.path.endsWith('.safetensors') ? read.path : null;
    expect(parsed).toEqual({ repo: read.repo, revision: read.revision ?? 'main', file });
  } else expect(parsed).toMatchObject({ code: 'invalid-request' });
});

test.each([
  ['runwayml/stable-diffusion-v1-5', 'runwayml/stable-diffusion-v1-5', 'main', null],
  ['  a/b_c-1.5  ', 'a/b_c-1.5', 'main', null],
  ['a/b@refs/pr/6', 'a/b', 'refs/pr/6', null],
  ['a/b@refs%2Fpr%2F6', 'a/b', 'refs/pr/6', null],
  ['a/b@refs/pr/6/y.safetensors', 'a/b', 'refs/pr/6', 'y.safetensors'],
  ['a/b@feature/faces', 'a/b', 'feature/faces', null],
  ['a/b@v2/sub/y.safetensors', 'a/b', 'v2', 'sub/y.safetensors'],
  ['a/b/y.safetensors', 'a/b', 'main', 'y.safetensors'],
  ['a/b/100%.safetensors', 'a/b', 'main', '100%.safetensors'],
  [
    `${HUB}/a/b/commit/0123456789abcdef0123456789abcdef01234567`,
    'a/b',
    '0123456789abcdef0123456789abcdef01234567',
    null,
  ],
  [`${HUB}/a/b/discussions/6`, 'a/b', 'refs/pr/6', null],
  [`${HUB}/a/b/discussions/6/files`, 'a/b', 'refs/pr/6', null],
  ['https://www.huggingface.co/a/b', 'a/b', 'main', null],
  ['www.huggingface.co/a/b/tree/v2', 'a/b', 'v2', null],
  [`${HUB}/a/b/tree`, 'a/b', 'main', null],
])('%s is a repository name', (text, repo, revision, file) => {
  expect(parseRepoName(text, HUB)).toEqual({ repo, revision, file });
});

test.each([
  ...[
    '',
    'a',
    '/',
    'a/',
    '/b',
    'a b/c',
    '../x',
    'a/../b',
    'a/b/c',
    'a/b@',
    'a/b/model.ckpt',
    'a/b--c',
    'a/b..c',
  ],
  ...['https://', `${HUB}/docs`, `${HUB}/a/b/blob/main`, `${HUB}/a/b/discussions`, `${HUB}/a/b/commit/main`],
])('%j is not a repository name', (text) => {
  const details = { kind: 'no-repository-name', found: text };
  expect(parsedOrThrown(text)).toMatchObject({ code: 'invalid-request', details });
});

test.each([
  ['tree/main/unet', 'unet'],
  ['tree/refs%2Fpr%2F6/unet', 'unet'],
  ['blob/main/unet/config.json', 'unet/config.json'],
  ['resolve/main/my%20model.ckpt', 'my model.ckpt'],
])('the page %s is reported as a part of its repository', (page, path) => {
  const details = { kind: 'part-of-repository', repo: 'a/b', file: path };
  expect(parsedOrThrown(`${HUB}/a/b/${page}`)).toMatchObject({ code: 'invalid-request', details });
});

test('another host is not the Hub, unless it is the mirror', () => {
  const address = 'https://hf-mirror.example/a/b/blob/main/x/y.safetensors';
  const details = { kind: 'other-host', host: 'hf-mirror.example' };
  expect(parsedOrThrown(address)).toMatchObject({ code: 'invalid-request', details });
  const read = { repo: 'a/b', revision: 'main', file: 'x/y.safetensors' };
  expect(parseRepoName(address, 'https://hf-mirror.example/')).toEqual(read);
});

test('any text is read quickly, as a name or as none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 5000 }), (text) => {
      const parsed = parsedOrThrown(text);
      if (parsed instanceof AppError) expect(parsed.code).toBe('invalid-request');
      else expect(parsed).toMatchObject({ repo: expect.stringMatching(/^[\w.-]+\/[\w.-]+$/) });
    }),
  );
});

test.each([
  'a/b@..',
  'a/b@refs/../x',
  'a/b@%2e%2e',
  'a/b@main\\..',
  'a/b@main/../../c/d.safetensors',
  'a/b/../../c/d.safetensors',
  'a/b/%2e%2e/%2e%2e/c/d.safetensors',
  'a/b/x%2f..%2f..%2fd.safetensors',
  'a/b/..%5cd.safetensors',
  'hf://a/b/./d.safetensors',
  `${HUB}/a/b/blob/main/x%2f..%2f..%2fd.safetensors`,
  `${HUB}/a/b/tree/%252e%252e`,
])('%s leads out of the repository, and is no name', (text) => {
  const details = { kind: 'no-repository-name' };
  expect(parsedOrThrown(text)).toMatchObject({ code: 'invalid-request', details });
});

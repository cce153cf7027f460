import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Hub } from '../../e2e/hub.mjs';
import { AppError } from '../protocol/errors.ts';
import { download } from './download.ts';
import { fileUrl } from './hub.ts';
import type { FileRequest } from './request-file.ts';
import {
  CONFIG,
  downloadInto,
  fileRequest,
  gitSha1,
  PATH,
  partial,
  RETRY_POLICY,
  serveFiles,
  WEIGHTS,
} from './samples/download.ts';
import type { PartialFile } from './store.ts';

let hub: Hub;
beforeEach(async () => {
  hub = await Hub.start();
  serveFiles(hub);
});
afterEach(() => hub.close());

const request = (change: Partial<FileRequest> = {}) => fileRequest(hub, change);
const run = (into: PartialFile, change?: Partial<FileRequest>) => downloadInto(request(change), into);

test('a file arrives complete, and every byte is reported; the server learns nothing but the range', async () => {
  const into = partial();
  const { heard } = await run(into);
  expect(into.bytes().equals(WEIGHTS)).toBe(true);
  expect(heard.at(-1)).toBe(WEIGHTS.length);
  expect(hub.sent).toMatchObject([{ range: undefined, authorization: undefined, referrer: undefined }]);
});

test('a small file is checked by git’s own hash', async () => {
  const url = fileUrl({ endpoint: `${hub.url}/`, token: null }, 'a/b', hub.sha('a/b'), 'config.json');
  const into = partial();
  await run(into, { url, size: CONFIG.length, oid: gitSha1(CONFIG) });
  expect(into.bytes().equals(CONFIG)).toBe(true);
  const other = gitSha1(Buffer.from('{"sample_size": 17}'));
  await expect(run(partial(), { url, size: CONFIG.length, oid: other })).rejects.toMatchObject({
    code: 'corrupt-file',
  });
});

test('bytes that are here already are not downloaded again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: WEIGHTS.length }), async (there) => {
      hub.sent.length = 0;
      const into = partial(WEIGHTS.subarray(0, there));
      await run(into);
      expect(into.bytes().equals(WEIGHTS)).toBe(true);
      expect(hub.bytesSent(PATH)).toBe(WEIGHTS.length - there);
    }),
    { numRuns: 20 },
  );
});

describe('errors that may pass are tried again, from where the download stopped', () => {
  test.each([
    ['a broken connection', { kind: 'broken-off', afterBytes: 300_000, times: 2 }],
    ['too many requests', { kind: 429, times: 2 }],
    ['a server error', { kind: 503, times: 3 }],
  ] as const)('%s', async (_, fault) => {
    hub.faults.set(PATH, { ...fault });
    const into = partial();
    const { waits } = await run(into);
    expect(into.bytes().equals(WEIGHTS)).toBe(true);
    expect(waits).toHaveLength(fault.times);
    expect(hub.bytesSent(PATH)).toBe(WEIGHTS.length);
  });

  test('a connection that stalls', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    hub.faults.set(PATH, { kind: 'stalled', afterBytes: 300_000, times: 1 });
    const into = partial();
    const running = run(into);
    while (into.size < 300_000) await new Promise(setImmediate);
    // The first half minute brought enough.
    vi.advanceTimersByTime(2 * RETRY_POLICY.stallMs);
    // It is asked again once the pause is over.
    while (hub.sent.length < 2) {
      vi.advanceTimersByTime(RETRY_POLICY.pauseMs);
      await new Promise(setImmediate);
    }
    vi.useRealTimers();
    const { waits } = await running;
    expect(into.bytes().equals(WEIGHTS)).toBe(true);
    expect(waits).toHaveLength(1);
    expect(hub.bytesSent(PATH)).toBe(WEIGHTS.length);
  });

  test('an address that has expired in the middle', async () => {
    const into = partial(WEIGHTS.subarray(0, 1000));
    hub.faults.set(PATH, { kind: 403, times: 1 });
    await run(into);
    expect(into.bytes().equals(WEIGHTS)).toBe(true);
  });

  test.each([
    ['1', 1],
    [new Date(Date.UTC(2026, 10, 28, 4, 0, 20)).toUTCString(), 20],
    // No longer than a minute, and no shorter than our own pause.
    ['86400', 60],
    [new Date(Date.UTC(2036, 10, 28)).toUTCString(), 60],
    [new Date(Date.UTC(2016, 10, 28)).toUTCString(), 0.002],
    ['-5', 0.002],
    ['soon', 0.002],
  ])('after the pause the server asks for: %s', async (retryAfter, seconds) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: Date.UTC(2026, 10, 28, 4) });
    hub.faults.set(PATH, { kind: 429, times: 1, retryAfter });
    const into = partial();
    const heard: number[] = [];
    const options = {
      ...{ signal: new AbortController().signal, retry: RETRY_POLICY, onBytes: () => {} },
      onWait: (s: number) => heard.push(s),
    };
    const running = download(request(), into, options);
    while (heard.length === 0) await new Promise(setImmediate);
    expect(heard).toEqual([seconds]);
    vi.advanceTimersByTime(seconds * 1000 - 1);
    await new Promise(setImmediate);
    expect(hub.sent).toHaveLength(1);
    vi.advanceTimersByTime(1);
    vi.useRealTimers();
    await running;
    expect(into.bytes().equals(WEIGHTS)).toBe(true);
  });
});

describe('wrong bytes are dropped', () => {
  test('an unfinished file with other bytes is downloaded from its start', async () => {
    const into = partial(randomBytes(500_000));
    await run(into);
    expect(into.bytes().equals(WEIGHTS)).toBe(true);
  });

  test('an unfinished file longer than the file, too', async () => {
    const into = partial(Buffer.concat([WEIGHTS, CONFIG]));
    await run(into);
    expect(into.bytes().equals(WEIGHTS)).toBe(true);
  });

  test('a server without support for ranges sends the whole file', async () => {
    hub.faults.set(PATH, { kind: 'no-range' });
    const into = partial(WEIGHTS.subarray(0, 700_000));
    await run(into);
    expect(into.bytes().equals(WEIGHTS)).toBe(true);
  });

  test('bytes changed on the way are downloaded once more', async () => {
    hub.faults.set(PATH, { kind: 'wrong-bytes', times: 1 });
    const into = partial();
    await run(into);
    expect(into.bytes().equals(WEIGHTS)).toBe(true);
  });

  test.each([
    ['wrong-bytes', 'corrupt-file'],
    ['too-long', 'corrupt-file'],
    ['web-page', 'download-failed'],
    [404, 'download-failed'],
    [403, 'repo-gated'],
    [401, 'repo-not-found'],
    [500, 'download-failed'],
    [429, 'download-failed'],
    ['broken-off', 'download-failed'],
  ] as const)('%s at every try is %s', async (kind, code) => {
    hub.faults.set(PATH, { kind });
    const into = partial();
    await expect(run(into)).rejects.toMatchObject({ code });
    expect(into.size).toBe(0);
  });

  test('a server that cannot be reached', async () => {
    const gone = request();
    await hub.close();
    await expect(run(partial(), { url: gone.url })).rejects.toMatchObject({
      code: 'download-failed',
      details: { status: 'no-response' },
    });
    hub = await Hub.start();
  });
});

test('an aborted download keeps what has arrived', async () => {
  hub.delayMs = 5;
  const into = partial();
  const stop = new AbortController();
  const options = {
    signal: stop.signal,
    retry: RETRY_POLICY,
    onBytes: (loaded: number) => loaded > 200_000 && stop.abort(),
    onWait: () => {},
  };
  await expect(download(request(), into, options)).rejects.toMatchObject({ name: 'AbortError' });
  expect(into.size).toBeGreaterThan(200_000);
  expect(into.bytes().equals(WEIGHTS.subarray(0, into.size))).toBe(true);
});

test.each([
  ['nobody', null, 'repo-gated'],
  ['somebody else', 'hf_other', 'repo-gated'],
  ['a token that has expired', 'hf_old', 'token-refused'],
  ['what cannot be a token', 'hf_“quoted”', 'token-refused'],
] as const)('a gated file and %s', async (_, token, code) => {
  hub.tokens.add('hf_other');
  Object.assign(hub.repos.get('a/b') as object, { token: 'hf_let_me_in' });
  await expect(run(partial(), { token })).rejects.toMatchObject({
    code,
    details: code === 'repo-gated' ? { repo: 'a/b' } : {},
  });
  expect(hub.sent).toEqual([]);
});

test('a token that expires on the way is not tried again; what has come is kept', async () => {
  const into = partial(WEIGHTS.subarray(0, 1000));
  await expect(run(into, { token: 'hf_old' })).rejects.toMatchObject({ code: 'token-refused' });
  expect(into.size).toBe(1000);
});

test('a full disk ends the download, and what has arrived is kept', async () => {
  const into = partial();
  const full = new AppError('storage-full', 'full');
  const append = into.append;
  into.append = (bytes) => {
    if (into.size > 300_000) throw full;
    append(bytes);
  };
  await expect(run(into)).rejects.toBe(full);
  expect(into.size).toBeGreaterThan(300_000);
});

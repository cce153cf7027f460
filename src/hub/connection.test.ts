import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Hub } from '../../e2e/hub.mjs';
import { fileUrl } from './hub.ts';
import { remoteFile } from './remote-file.ts';
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

test('a server that drips is given up after as many tries as one that is silent, and what has come is kept', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  hub.faults.set(PATH, { kind: 'drip', afterBytes: 100 });
  const into = partial();
  const running = run(into);
  let isOver = false;
  running.catch(() => {}).finally(() => (isOver = true));
  for (let tries = 1; !isOver; ) {
    const before = into.size;
    while (!isOver && hub.sent.length < tries) {
      vi.advanceTimersByTime(RETRY_POLICY.pauseMs * 2 ** tries);
      await new Promise(setImmediate);
    }
    if (isOver) break;
    while (into.size < before + 100) await new Promise(setImmediate);
    for (let i = 1; i <= 3; i++) {
      hub.drip();
      while (into.size < before + 100 + i) await new Promise(setImmediate);
      vi.advanceTimersByTime(RETRY_POLICY.stallMs / 3);
    }
    tries++;
  }
  vi.useRealTimers();
  await expect(running).rejects.toMatchObject({ code: 'download-failed', details: { status: 'too-slow' } });
  expect(hub.sent).toHaveLength(RETRY_POLICY.attempts);
  expect(into.size).toBe(RETRY_POLICY.attempts * 103);
  expect(into.bytes().equals(WEIGHTS.subarray(0, into.size))).toBe(true);
  hub.faults.clear();
  await run(into);
  expect(into.bytes().equals(WEIGHTS)).toBe(true);
  expect(hub.bytesSent(PATH)).toBe(WEIGHTS.length);
});

test('redirects in a ring end', async () => {
  hub.faults.set(PATH, { kind: 'ring' });
  await expect(run(partial())).rejects.toMatchObject({
    code: 'download-failed',
    details: { status: 'no-response' },
  });
});

test('where a stream cannot be iterated, as in WebKit, a file arrives all the same', async () => {
  const streams = ReadableStream.prototype as { [Symbol.asyncIterator]?: unknown; values?: unknown };
  const iterate = streams[Symbol.asyncIterator];
  const values = streams.values;
  Object.assign(streams, { [Symbol.asyncIterator]: undefined, values: undefined });
  try {
    const into = partial();
    await run(into);
    expect(into.bytes().equals(WEIGHTS)).toBe(true);
    const header = await remoteFile(request(), new AbortController().signal).slice(0, 8).arrayBuffer();
    expect(Buffer.from(header).equals(WEIGHTS.subarray(0, 8))).toBe(true);
  } finally {
    Object.assign(streams, { [Symbol.asyncIterator]: iterate, values });
  }
});

test.each([
  'append',
  'read',
] as const)('a TypeError of our own (%s) is no lost connection', async (method) => {
  const mistake = new TypeError('x is not a function');
  const into = partial(WEIGHTS.subarray(0, 10));
  into[method] = () => {
    throw mistake;
  };
  await expect(run(into)).rejects.toBe(mistake);
  expect(hub.sent.length).toBeLessThanOrEqual(1);
});

test('an address that no request can have is no lost connection', async () => {
  const url = new URL(request().url);
  url.username = 'me';
  await expect(run(partial(), { url })).rejects.toBeInstanceOf(TypeError);
});

test('the token goes to the server it is for, and not to the one that sends the bytes', async () => {
  Object.assign(hub.repos.get('a/b') as object, { token: 'hf_let_me_in' });
  const into = partial();
  await run(into, { token: 'hf_let_me_in' });
  expect(into.bytes().equals(WEIGHTS)).toBe(true);
  expect(hub.sent).toMatchObject([{ isAtCdn: true, authorization: undefined }]);
  const url = fileUrl({ endpoint: hub.url, token: null }, 'a/b', hub.sha('a/b'), 'config.json');
  await run(partial(), { url, size: CONFIG.length, oid: gitSha1(CONFIG), token: 'hf_let_me_in' });
  expect(hub.sent[1]).toMatchObject({ isAtCdn: false, authorization: 'Bearer hf_let_me_in' });
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Hub } from '../../e2e/hub.mjs';
import { remoteFile } from './remote-file.ts';
import { fileRequest, PATH, serveFiles, WEIGHTS } from './samples/download.ts';

let hub: Hub;
beforeEach(async () => {
  hub = await Hub.start();
  serveFiles(hub);
});
afterEach(() => hub.close());

describe('of a file that is not downloaded', () => {
  const file = (signal = new AbortController().signal) => remoteFile(fileRequest(hub), signal);

  test.each([
    'in ranges',
    'by a server that has none',
  ])('a stretch is fetched %s, and no more than that', async (how) => {
    if (how !== 'in ranges') hub.faults.set(PATH, { kind: 'no-range' });
    for (const [start, end] of [
      [0, 8],
      [8, 70_000],
      [999_990, 1_000_000],
      [500_000, 500_000],
    ] as const) {
      const found = Buffer.from(await file().slice(start, end).arrayBuffer());
      expect(found.equals(WEIGHTS.subarray(start, end))).toBe(true);
    }
    const inner = file().slice(100, 300).slice(50, 900);
    expect(inner.size).toBe(150);
    expect(Buffer.from(await inner.arrayBuffer()).equals(WEIGHTS.subarray(150, 300))).toBe(true);
    if (how === 'in ranges') expect(hub.bytesSent(PATH)).toBe(8 + 69_992 + 10 + 150);
  });

  test('a refusal is reported as that of a download, and a stop as a stop', async () => {
    hub.faults.set(PATH, { kind: 403 });
    await expect(file().slice(0, 8).arrayBuffer()).rejects.toMatchObject({ code: 'repo-gated' });
    hub.faults.set(PATH, { kind: 503 });
    await expect(file().slice(0, 8).arrayBuffer()).rejects.toMatchObject({
      code: 'download-failed',
      details: { status: '503' },
    });
    await expect(file(AbortSignal.abort()).slice(0, 8).arrayBuffer()).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

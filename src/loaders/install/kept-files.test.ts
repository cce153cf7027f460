import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Hub } from '../../../e2e/hub.mjs';
import { type CopyPlan, planCopy } from '../../checkpoint/gguf/copy-plan.ts';
import { CopyStream } from '../../checkpoint/gguf/copy-stream.ts';
import { readTensors } from '../../checkpoint/weights.ts';
import { fetchFiles } from '../../hub/fetch-files.ts';
import { MemoryStore } from '../../hub/samples/memory-store.ts';
import type { CopyBits, ModelToFetch } from '../../protocol/models.ts';
import { checkFile } from './check-model.ts';
import { keptFiles } from './kept-files.ts';

const FILE = join(import.meta.dirname, '../../pipeline/golden/single-file/sd1.safetensors.gz');
const SOURCE = gunzipSync(readFileSync(FILE));
const PATH = 'a/b/sd1.safetensors';

let hub: Hub;
beforeEach(async () => {
  hub = await Hub.start();
  hub.repos.set('a/b', { files: new Map([['sd1.safetensors', SOURCE]]) });
  const request = (_name: string, ...rest: unknown[]) => (rest.at(-1) as (lock: object) => unknown)({});
  vi.stubGlobal('navigator', { locks: { request } });
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await hub.close();
});

const model = (copyBits?: CopyBits): ModelToFetch => ({
  ...{ id: PATH, type: 'model', repo: 'a/b', revision: hub.sha('a/b'), licence: null, copyBits },
  files: [{ path: 'sd1.safetensors', size: SOURCE.length, oid: hub.oid(PATH) }],
});

/** Fetches until so many bytes have arrived, and is stopped then. */
async function fetch(memory: MemoryStore, bits: CopyBits, until = Number.POSITIVE_INFINITY) {
  const stop = new AbortController();
  const access = { endpoint: hub.url, token: null };
  const { requests, files, copyOf } = await keptFiles(model(bits), access, stop.signal);
  const onProgress = ({ loadedBytes }: { loadedBytes: number }) => {
    if (loadedBytes >= until) stop.abort();
  };
  const options = { signal: stop.signal, waits: () => {}, onProgress };
  await fetchFiles(memory.store, requests, options).catch((error) => {
    if (!stop.signal.aborted) throw error;
  });
  return { files, copyOf };
}

/** The copy of the whole file. */
async function copyOfWhole(bits: CopyBits): Promise<Buffer> {
  const plan = planCopy(await readTensors('x.safetensors', new Blob([SOURCE])), bits) as CopyPlan;
  const parts: Uint8Array[] = [];
  new CopyStream(plan, 0, (bytes) => void parts.push(bytes.slice())).write(new Uint8Array(SOURCE));
  return Buffer.concat(parts);
}

test.each([
  8, 4,
] as const)('a copy in %i bits is made as its file arrives: never more than the copy is stored', async (bits) => {
  const memory = new MemoryStore();
  const { files, copyOf } = await fetch(memory, bits);
  const whole = await copyOfWhole(bits);
  const name = `${hub.oid(PATH)}.${bits}`;
  expect(files).toEqual([{ path: 'sd1.gguf', size: whole.length, oid: name }]);
  expect(copyOf).toEqual({ bits, files: model().files });
  expect(memory.names()).toEqual([name]);
  expect(Buffer.compare(memory.bytes(name) as Uint8Array, whole)).toBe(0);
  expect(memory.mostBytes).toBe(whole.length);
  expect(await checkFile('sd1.gguf', new Blob([new Uint8Array(whole)]))).toBe('model');
});

test('stopped in many places, it goes on there, and is the same', async () => {
  const memory = new MemoryStore();
  const begun: number[] = [];
  for (let part = 1; part <= 8; part++) {
    hub.sent.length = 0;
    await fetch(memory, 8, part < 8 ? (part * SOURCE.length) / 8 : undefined);
    const asked = hub.sent.map(({ range }) => /^bytes=(\d+)-$/.exec(range ?? 'bytes=0-')?.[1]);
    begun.push(Math.max(...asked.map((start) => Number(start ?? 0))));
  }
  const name = `${hub.oid(PATH)}.8`;
  expect(memory.names()).toEqual([name]);
  expect(Buffer.compare(memory.bytes(name) as Uint8Array, await copyOfWhole(8))).toBe(0);
  for (const [part, start] of begun.entries())
    expect(start).toBeGreaterThan((part * SOURCE.length) / 8 - 500_000);
});

test('wrong bytes are found by the hash, and nothing is made of them', async () => {
  hub.faults.set(PATH, { kind: 'wrong-bytes', times: 1, sparesHeaders: true });
  const memory = new MemoryStore();
  await fetch(memory, 8);
  expect(Buffer.compare(memory.bytes(`${hub.oid(PATH)}.8`) as Uint8Array, await copyOfWhole(8))).toBe(0);
  hub.faults.set(PATH, { kind: 'wrong-bytes', sparesHeaders: true });
  await expect(fetch(new MemoryStore(), 8)).rejects.toMatchObject({ code: 'corrupt-file' });
});

test('without bits the files are kept as they are', async () => {
  const access = { endpoint: hub.url, token: null };
  const { requests, files, copyOf } = await keptFiles(model(), access, new AbortController().signal);
  expect([files, copyOf]).toEqual([model().files, undefined]);
  expect(requests.map(({ derived }) => derived)).toEqual([undefined]);
  expect(hub.sent).toEqual([]);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Hub } from '../../../e2e/hub.mjs';
import { type CopyPlan, planCopy } from '../../checkpoint/gguf/copy-plan.ts';
import { CopyStream } from '../../checkpoint/gguf/copy-stream.ts';
import { readTensors, readValues, type StoredTensor } from '../../checkpoint/weights.ts';
import { fetchFiles } from '../../hub/fetch-files.ts';
import { MemoryStore } from '../../hub/samples/memory-store.ts';
import type { CopyBits, ModelToFetch } from '../../protocol/models.ts';
import { readWeightFiles } from '../weight-files.ts';
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
async function fetch(
  memory: MemoryStore,
  bits: CopyBits,
  until = Number.POSITIVE_INFINITY,
  asked = model(bits),
) {
  const stop = new AbortController();
  const access = { endpoint: hub.url, token: null };
  const { requests, files, copyOf } = await keptFiles(asked, access, stop.signal);
  const onProgress = ({ loadedBytes }: { loadedBytes: number }) => {
    if (loadedBytes >= until) stop.abort();
  };
  const options = { signal: stop.signal, waits: () => {}, onProgress };
  await fetchFiles(memory.store, requests, options).catch((error) => {
    if (!stop.signal.aborted) throw error;
  });
  return { files, copyOf };
}

/** The copy of a whole file. */
async function copyOf(source: Buffer, bits: CopyBits): Promise<Buffer> {
  const plan = planCopy(
    await readTensors('x.safetensors', new Blob([new Uint8Array(source)])),
    bits,
  ) as CopyPlan;
  const parts: Uint8Array[] = [];
  new CopyStream(plan, 0, (bytes) => void parts.push(bytes.slice())).write(new Uint8Array(source));
  return Buffer.concat(parts);
}

const copyOfWhole = (bits: CopyBits) => copyOf(SOURCE, bits);

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

/** A component's weights in two shards, of which the second has a tensor that is no number, and their index. */
function sharded(file: Buffer): { readonly index: object; readonly shards: ReadonlyMap<string, Buffer> } {
  const start = 8 + Number(file.readBigUInt64LE());
  type Entry = { dtype: string; shape: number[]; data_offsets: [number, number] };
  const header = Object.entries(JSON.parse(file.subarray(8, start).toString()) as Record<string, Entry>);
  const all = header.filter(([name]) => name !== '__metadata__');
  const weightMap: Record<string, string> = {};
  const shards = new Map<string, Buffer>();
  for (const [i, part] of [all.slice(0, 100), all.slice(100)].entries()) {
    const name = `diffusion_pytorch_model-0000${i + 1}-of-00002.safetensors`;
    const data: Buffer[] = [];
    let end = 0;
    const entries: [string, Entry][] = part.map(
      ([
        key,
        {
          data_offsets: [from, to],
          ...entry
        },
      ]) => {
        data.push(file.subarray(start + from, start + to));
        end += to - from;
        return [key, { ...entry, data_offsets: [end - to + from, end] }];
      },
    );
    if (i === 1) {
      entries.push(['position_ids', { dtype: 'I64', shape: [1], data_offsets: [end, end + 8] }]);
      data.push(Buffer.alloc(8));
    }
    for (const [key] of entries) weightMap[key] = name;
    const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(json.length));
    shards.set(`unet/${name}`, Buffer.concat([length, json, ...data]));
  }
  return { index: { weight_map: weightMap }, shards };
}

test.each([
  8, 4,
] as const)('shards become copies in %i bits, stopped and continued, and are read as one file’s copy is', async (bits) => {
  const whole = readFileSync(
    join(import.meta.dirname, '../../../e2e/tiny-model/unet/diffusion_pytorch_model.safetensors'),
  );
  const { index, shards } = sharded(whole);
  hub.repos.set('a/c', { files: new Map(shards) });
  const files = [...shards].map(([path, { length }]) => ({
    path,
    size: length,
    oid: hub.oid(`a/c/${path}`),
  }));
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const repository: ModelToFetch = {
    ...{ id: 'a/c', type: 'model', repo: 'a/c', revision: hub.sha('a/c'), licence: null, copyBits: bits },
    files,
  };
  const memory = new MemoryStore();
  let kept: Awaited<ReturnType<typeof fetch>>['files'] = [];
  for (const part of [0.3, 0.6, 2]) ({ files: kept } = await fetch(memory, bits, part * total, repository));
  expect(kept.map(({ path }) => path)).toEqual(
    files.map(({ path }) => path.replace('.safetensors', '.gguf')),
  );
  expect(memory.names().sort()).toEqual(files.map(({ oid }) => `${oid}.${bits}`).sort());
  expect(memory.mostBytes).toBe(kept.reduce((sum, { size }) => sum + size, 0));

  const blob = (path: string) =>
    new Blob([memory.bytes(kept.find((file) => file.path === path)?.oid ?? '') ?? '']);
  const INDEX = 'unet/diffusion_pytorch_model.safetensors.index.json';
  const read = await readWeightFiles(
    {
      has: (path) => path === INDEX || kept.some((file) => file.path === path),
      file: async (path) => blob(path),
      json: async () => index,
    },
    'unet',
  );
  const single = await readTensors('x.gguf', new Blob([new Uint8Array(await copyOf(whole, bits))]));
  expect([...read.keys()].sort()).toEqual([...single.keys()].sort());
  for (const [name, tensor] of single) {
    const found = read.get(name) as StoredTensor;
    expect([found.dtype, found.shape], name).toEqual([tensor.dtype, tensor.shape]);
    expect(await readValues(found), name).toEqual(await readValues(tensor));
  }
});

import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Hub, readFolder } from '../../../e2e/hub.mjs';
import type { Library } from '../../hub/library.ts';
import type { ModelToFetch, RepoFile } from '../../protocol/models.ts';
import { refuseByHeaders } from './refuse-by-headers.ts';

const TINY = join(import.meta.dirname, '../../../e2e/tiny-model');
const UNET = 'unet/diffusion_pytorch_model.safetensors';
type Header = Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;

let hub: Hub;
beforeEach(async () => {
  hub = await Hub.start();
  vi.stubGlobal('navigator', {
    locks: { request: (_: string, _options: object, use: () => unknown) => use() },
  });
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await hub.close();
});

/** A .safetensors file with another header for the same numbers. */
function withHeader(file: Buffer, change: (header: Header) => Header): Buffer {
  const end = 8 + Number(file.readBigUInt64LE());
  const header = Buffer.from(JSON.stringify(change(JSON.parse(file.subarray(8, end).toString()))));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, file.subarray(end)]);
}

const asIntegers = (name: string) => (header: Header) => {
  const { [name]: tensor, ...rest } = header;
  return { ...rest, [name]: { ...(tensor as Header[string]), dtype: 'I32' } };
};
const scaled = (header: Header): Header => {
  const end = Math.max(...Object.values(header).map(({ data_offsets }) => data_offsets?.[1] ?? 0));
  return { ...header, 'conv_in.scale_weight': { dtype: 'F32', shape: [0], data_offsets: [end, end] } };
};

/**
 * Asks about test/odd before its download: its small files are here, of its weights those that `here` names, or their beginning.
 */
async function ask(files: Map<string, Buffer>, type: ModelToFetch['type'], here: readonly string[] = []) {
  hub.repos.set('test/odd', { files });
  const all = [...files].map(([path, data]): RepoFile => ({ path, size: data.length, oid: path }));
  const isHere = (path: string) => path.endsWith('.json') || path.endsWith('.txt');
  const library = {
    store: {
      sizeOf: async (oid: string) => (isHere(oid) || here.includes(oid) ? 9 : 0),
      find: async (oid: string) =>
        isHere(oid) ? new Blob([new Uint8Array(files.get(oid) as Buffer)]) : undefined,
    },
    files: () => ({
      has: (path: string) => files.has(path),
      file: async (path: string) => {
        if (!isHere(path)) throw new Error('weights were read');
        return new Blob([new Uint8Array(files.get(path) as Buffer)]);
      },
      json: async (path: string) => JSON.parse(String(files.get(path))),
    }),
  } as unknown as Library;
  const model = {
    id: 'test/odd',
    type,
    repo: 'test/odd',
    revision: hub.sha('test/odd'),
    licence: null,
    files: all,
  };
  await refuseByHeaders(library, model, { endpoint: hub.url, token: null }, new AbortController().signal);
}

const tiny = (change: (header: Header) => Header = (header) => header, of = UNET) => {
  const files = readFolder(TINY);
  return files.set(of, withHeader(files.get(of) as Buffer, change));
};
/** A component as a repository of its own. */
const alone = (name: string, files: Map<string, Buffer>) =>
  new Map(
    [...files].flatMap(([path, data]) =>
      path.startsWith(`${name}/`) ? [[path.slice(name.length + 1), data]] : [],
    ),
  );

test.each([
  ['a UNet', 'model', tiny(asIntegers('conv_in.weight')), /^conv_in\.weight I32/],
  ['a scaled UNet', 'model', tiny(scaled), /^conv_in\.scale_weight$/],
  [
    'a VAE by itself',
    'vae',
    alone('vae', tiny(asIntegers('quant_conv.weight'), 'vae/diffusion_pytorch_model.safetensors')),
    /^quant_conv/,
  ],
] as const)('%s that cannot run is refused by some kilobytes of it', async (_, type, files, found) => {
  const details = { found: expect.stringMatching(found) };
  await expect(ask(new Map(files), type)).rejects.toMatchObject({ code: 'unsupported-model', details });
  expect(hub.sent.map(({ range }) => range)).toEqual(
    hub.sent.map(() => expect.stringMatching(/^bytes=\d+-\d+$/)),
  );
  for (const [path, { length }] of files)
    if (path.endsWith('.safetensors')) expect(hub.bytesSent(`test/odd/${path}`)).toBeLessThan(length / 2);
});

test('weights that are something else in the repository itself are called that before the download', async () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n';
  await expect(ask(readFolder(TINY).set(UNET, Buffer.from(pointer)), 'model')).rejects.toMatchObject({
    details: { kind: 'not-safetensors', found: 'lfs-pointer' },
  });
});

test('one that can run is not, and nothing more is asked of it', async () => {
  await expect(ask(tiny(), 'model')).resolves.toBeUndefined();
  expect(hub.sent).toHaveLength(6);
});

test('a download that has begun goes on without being asked about', async () => {
  const weights = [...tiny().keys()].filter((path) => path.endsWith('.safetensors'));
  await expect(ask(tiny(asIntegers('conv_in.weight')), 'model', weights)).resolves.toBeUndefined();
  expect(hub.sent).toEqual([]);
});

test('a server that is busy for a moment is asked again', async () => {
  hub.faults.set(`test/odd/${UNET}`, { kind: 503, times: 1 });
  await expect(ask(tiny(asIntegers('conv_in.weight')), 'model')).rejects.toMatchObject({
    code: 'unsupported-model',
  });
});

test('what is wrong with the server is left to the download, which is more patient', async () => {
  hub.faults.set(`test/odd/${UNET}`, { kind: 404 });
  await expect(ask(tiny(), 'model')).resolves.toBeUndefined();
  hub.faults.set(`test/odd/${UNET}`, { kind: 'wrong-bytes' });
  await expect(ask(tiny(), 'model')).resolves.toBeUndefined();
});

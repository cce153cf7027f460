import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Hub } from '../../../e2e/hub.mjs';
import type { Library } from '../../hub/library.ts';
import type { InstalledModel } from '../../protocol/models.ts';
import { findIpAdapters } from '../ip-adapter/find-ip-adapters.ts';
import { importModel, installModel } from './install-model.ts';
import { lookUpModel } from './look-up-model.ts';
import { memoryLibrary } from './samples/memory-library.ts';

/** Its files lie as those of h94/IP-Adapter do. */
const GOLDEN = join(import.meta.dirname, '../../pipeline/golden/ip-adapter');
const read = (path: string) => readFileSync(join(GOLDEN, path));
const encoder = (folder: string) =>
  ['config.json', 'model.safetensors'].map((name) => `${folder}/image_encoder/${name}`);
const [FIRST, SECOND] = [encoder('models'), encoder('sdxl_models')];
const ADAPTERS = [
  'models/plain.safetensors',
  'models/plain_vit-G.safetensors',
  'sdxl_models/plus-xl_vit-h.safetensors',
];

let hub: Hub;
beforeEach(async () => {
  hub = await Hub.start();
  vi.stubGlobal('navigator', {
    locks: { request: (_: string, ...rest: unknown[]) => (rest.at(-1) as (lock: object) => unknown)({}) },
  });
  const paths = [...ADAPTERS, ...FIRST, ...SECOND];
  hub.repos.set('test/ip', {
    files: new Map(paths.map((path) => [path, read(path)])),
    licence: 'apache-2.0',
  });
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await hub.close();
});

const options = { signal: new AbortController().signal, waits: () => {}, onProgress: () => {} };
const access = () => ({ endpoint: hub.url, token: null });
const lookUp = (library: Library, name: string) =>
  lookUpModel(library, name, access(), false, options.signal);
async function install(library: Library, name: string): Promise<InstalledModel> {
  return installModel(library, await lookUp(library, name), access(), options);
}
const find = async (library: Library, id: string) =>
  (await findIpAdapters(async () => library, [id]))[0] as Awaited<ReturnType<typeof findIpAdapters>>[number];
const fromDisk = (path: string) => new File([new Uint8Array(read(path))], path.split('/').at(-1) as string);

test.each([
  ['models/plain.safetensors', FIRST, 'plain', 24],
  ['models/plain_vit-G.safetensors', SECOND, 'plain', 32],
  ['sdxl_models/plus-xl_vit-h.safetensors', FIRST, 'plus', 24],
] as const)('%s comes with the image encoder that it reads, and is found with it', async (path, files, kind, width) => {
  const library = memoryLibrary();
  const row = await install(library, `test/ip/${path}`);
  expect(row).toMatchObject({ type: 'ip_adapter', complete: true, family: 'sd1', licence: 'apache-2.0' });
  expect(row.files.map((file) => file.path)).toEqual([path, ...files]);
  const found = await find(library, row.id);
  expect(found.file.projection.kind).toBe(kind);
  expect(found.encoder.config.hidden_size).toBe(width);
  expect(found.encoder.tensors.has('visual_projection.weight')).toBe(true);
});

test('of several in a repository one is to be named', async () => {
  await expect(lookUp(memoryLibrary(), 'test/ip')).rejects.toMatchObject({
    details: { kind: 'several-checkpoints', found: ADAPTERS.map((path) => `test/ip/${path}`).join(', ') },
  });
});

test('one from disk has no encoder of its own: another one’s is used where it fits, and where none does that is said', async () => {
  const library = memoryLibrary();
  const lone = await importModel(library, fromDisk('models/plain.safetensors'), null, options);
  expect(lone).toMatchObject({ id: 'disk:plain.safetensors', type: 'ip_adapter', complete: true });
  const missing = {
    code: 'unsupported-ip-adapter',
    details: { kind: 'no-image-encoder', adapter: 'plain' },
  };
  await expect(find(library, lone.id)).rejects.toMatchObject(missing);
  await install(library, 'test/ip/models/plain_vit-G.safetensors');
  await expect(find(library, lone.id)).rejects.toMatchObject(missing);
  await install(library, 'test/ip/sdxl_models/plus-xl_vit-h.safetensors');
  expect((await find(library, lone.id)).encoder.config.projection_dim).toBe(20);
});

test('what is not here, or is none, is refused by its name', async () => {
  const library = memoryLibrary();
  await expect(find(library, 'test/ip/absent.safetensors')).rejects.toMatchObject({
    details: { kind: 'ip-adapter-absent', adapter: 'test/ip/absent.safetensors' },
  });
  const lora = join(GOLDEN, '../lora/kohya.safetensors');
  const file = new File([new Uint8Array(readFileSync(lora))], 'style.safetensors');
  const { id } = await importModel(library, file, null, options);
  await expect(find(library, id)).rejects.toMatchObject({
    details: { kind: 'no-ip-adapter', adapter: 'style' },
  });
});

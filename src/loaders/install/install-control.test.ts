import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Hub, readFolder } from '../../../e2e/hub.mjs';
import type { InstalledModel } from '../../protocol/models.ts';
import { importModel, installModel } from './install-model.ts';
import { lookUpModel } from './look-up-model.ts';
import { memoryLibrary } from './samples/memory-library.ts';

const GOLDEN = join(import.meta.dirname, '../../pipeline/golden');
const read = (path: string) => readFileSync(join(GOLDEN, path));
const WEIGHTS = 'diffusion_pytorch_model.safetensors';

let hub: Hub;
beforeEach(async () => {
  hub = await Hub.start();
  vi.stubGlobal('navigator', {
    locks: { request: (_: string, ...rest: unknown[]) => (rest.at(-1) as (lock: object) => unknown)({}) },
  });
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await hub.close();
});

const options = { signal: new AbortController().signal, waits: () => {}, onProgress: () => {} };
const access = () => ({ endpoint: hub.url, token: null });

/** Looks a name up and downloads what it stands for. */
async function fetch(name: string): Promise<InstalledModel> {
  const here = memoryLibrary();
  hub.sent.length = 0;
  const offer = await lookUpModel(here, name, access(), false, options.signal);
  // What was fetched so far is small; nothing of the weights but headers.
  expect(offer.type).toBe('control');
  const whole = hub.sent.filter(({ path, range }) => path.endsWith('.safetensors') && !range);
  expect(whole).toEqual([]);
  return installModel(here, offer, access(), options);
}

test.each([
  ['test/control_v11p_sd15_canny', 'controls/edges', 'ControlNet', 'sd1', 'canny'],
  ['test/t2i-adapter-sketch-sdxl-1.0', 'adapters/light', 'T2I-Adapter', 'sd1', 'scribble'],
  ['test/controlnet-depth-sdxl-1.0-small', 'controls/xl-small', 'ControlNet', 'sdxl', 'depth'],
])('the repository %s is a control model', async (repo, folder, kind, base, purpose) => {
  hub.repos.set(repo, { files: readFolder(join(GOLDEN, folder)), licence: 'openrail' });
  expect(await fetch(repo)).toMatchObject({
    ...{ id: repo, type: 'control', complete: true, facts: null },
    family: base === 'sdxl' ? 'sdxl' : 'sd1',
    control: { kind, base, purpose, controlModes: 0 },
    files: [{ path: 'config.json' }, { path: WEIGHTS }],
  });
});

test('a single file on the Hub is a control model, in lllyasviel’s layout too', async () => {
  const files = new Map([
    ['control_v11p_sd15_lineart_fp16.safetensors', read('controls/depth.safetensors')],
    ['t2iadapter_sketch.safetensors', read('adapters/sketch.safetensors')],
  ]);
  hub.repos.set('test/nets', { files });
  expect(await fetch('test/nets/control_v11p_sd15_lineart_fp16.safetensors')).toMatchObject({
    ...{ type: 'control', label: 'control_v11p_sd15_lineart_fp16', family: 'sd1' },
    control: { kind: 'ControlNet', base: 'sd1', purpose: 'lineart' },
  });
  expect(await fetch('test/nets/t2iadapter_sketch.safetensors')).toMatchObject({
    control: { kind: 'T2I-Adapter', base: 'sd1', purpose: 'scribble' },
  });
});

test('a file from disk is a control model', async () => {
  const file = new File([new Uint8Array(read('controls/xl.safetensors'))], 'my-canny-xl.safetensors');
  expect(await importModel(memoryLibrary(), file, null, options)).toMatchObject({
    ...{ id: 'disk:my-canny-xl.safetensors', type: 'control', family: 'sdxl', complete: true },
    control: { kind: 'ControlNet', base: 'sdxl', purpose: 'canny' },
  });
});

/** The files of a repository with one tensor called otherwise. */
function renamed(folder: string, from: string, to: string): Map<string, Buffer> {
  const files = readFolder(join(GOLDEN, folder));
  const text = (files.get(WEIGHTS) as Buffer).toString('latin1');
  return files.set(WEIGHTS, Buffer.from(text.replace(`"${from}"`, `"${to}"`), 'latin1'));
}

test.each([
  ['lacks a tensor', 'unsupported-model', { component: 'controlnet', expected: 'conv_in.weight [16,4,3,3]' }],
  ['is for Flux', 'unsupported-control', { kind: 'control-of-other-model', control: 'test/odd' }],
])('a repository that %s is refused before its weights are downloaded', async (what, code, details) => {
  const files = renamed('controls/edges', 'conv_in.weight', 'conv_in.wright');
  const flux = new Map([['config.json', Buffer.from('{"_class_name": "FluxControlNetModel"}')]]);
  hub.repos.set('test/odd', { files: what === 'is for Flux' ? flux : files });
  await expect(fetch('test/odd')).rejects.toMatchObject({ code, details });
});

test('an old T2I-Adapter on the Hub is refused by name', async () => {
  const header = JSON.stringify({
    'body.0.block1.weight': { dtype: 'F16', shape: [1], data_offsets: [0, 2] },
  });
  const file = Buffer.concat([
    Buffer.from(new BigUint64Array([BigInt(header.length)]).buffer),
    Buffer.from(header),
    Buffer.alloc(2),
  ]);
  hub.repos.set('test/old', { files: new Map([['t2iadapter_canny_sd14v1.safetensors', file]]) });
  await expect(fetch('test/old')).rejects.toMatchObject({
    code: 'unsupported-control',
    details: { kind: 'control-of-other-kind', found: 'old T2I-Adapter' },
  });
});

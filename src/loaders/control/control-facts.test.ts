import { existsSync, openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StoredTensor } from '../../checkpoint/weights.ts';
import { savedRepository } from '../../hub/golden/saved-repository.ts';
import { checkControlFile } from './check-control-file.ts';
import { controlBase, describeControl } from './control-facts.ts';
import { type ControlFile, readControlFile, readControlRepository } from './control-file.ts';

const GOLDEN = join(import.meta.dirname, '../../pipeline/golden');

/** One of golden/controls.py or golden/adapters.py, from its repository or its file. */
async function read(path: string): Promise<ControlFile> {
  const named = { name: path, hash: '' };
  const folder = join(GOLDEN, path);
  if (!existsSync(folder)) return readControlFile(named, await openAsBlob(`${folder}.safetensors`));
  const files = savedRepository(
    (name) => existsSync(join(folder, name)),
    (name) => openAsBlob(join(folder, name)),
  );
  return readControlRepository(named, files);
}

test.each([
  ['controls/edges', 'ControlNet', 'sd1', null],
  ['controls/depth', 'ControlNet', 'sd1', 'depth'],
  ['controls/pose', 'ControlNet', 'sd1', 'openpose'],
  ['controls/pooled', 'ControlNet', 'sd1', 'shuffle'],
  ['controls/xl', 'ControlNet', 'sdxl', null],
  ['controls/xl-small', 'ControlNet', 'sdxl', null],
  ['adapters/sketch', 'T2I-Adapter', 'sd1', 'scribble'],
  ['adapters/light', 'T2I-Adapter', 'sd1', null],
  ['adapters/xl', 'T2I-Adapter', 'sdxl', null],
])('the library knows of %s: %s, %s, %s', async (path, kind, base, purpose) => {
  const file = await read(path);
  expect(describeControl(path, file)).toEqual({
    type: 'control',
    family: base === 'sdxl' ? 'sdxl' : 'sd1',
    control: { kind, base, purpose, controlModes: 0 },
  });
  expect(() => checkControlFile(file)).not.toThrow();
});

test.each([
  ['union/union', 6],
  ['union/promax', 8],
])('%s has %i kinds of maps', async (path, controlModes) => {
  const file = await read(path);
  const control = { kind: 'ControlNet Union', base: 'sdxl', purpose: null, controlModes };
  expect(describeControl('someone/union-canny', file)).toMatchObject({ family: 'sdxl', control });
  expect(() => checkControlFile(file)).not.toThrow();
});

test('the width of the texts tells a ControlNet for Stable Diffusion 2', () => {
  const net = (width: number) => {
    const key: StoredTensor = {
      ...{ dtype: 'F16', shape: [320, width], offset: 0, length: 0, path: 'x', blob: new Blob() },
    };
    const tensors = new Map([['down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight', key]]);
    return controlBase({ kind: 'ControlNet', name: 'x', hash: '', config: undefined, tensors });
  };
  expect([net(768), net(1024)]).toEqual(['sd1', 'sd2']);
});

test.each([
  'controls/edges',
  'controls/xl-small',
  'adapters/light',
  'adapters/xl',
])('a tensor that %s lacks is named before anything is downloaded', async (path) => {
  const file = await read(path);
  const name = [...file.tensors.keys()].find((key) =>
    /resnets\.0\.(conv1|block1)\.weight$/.test(key),
  ) as string;
  const tensors = new Map([...file.tensors].filter(([key]) => key !== name));
  expect(() => checkControlFile({ ...file, tensors })).toThrow(
    expect.objectContaining({ code: 'unsupported-model' }),
  );
});

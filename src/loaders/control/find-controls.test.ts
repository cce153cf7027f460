import { existsSync, openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Library } from '../../hub/library.ts';
import { AppError } from '../../protocol/errors.ts';
import { findControls } from './find-controls.ts';

const GOLDEN = join(import.meta.dirname, '../../pipeline/golden');
const row = (id: string, paths: readonly string[], type = 'control') => ({
  ...{ id, type, label: id.split('/').at(-1) },
  files: paths.map((path) => ({ path, oid: `hash of ${path}` })),
});
const repository = ['config.json', 'diffusion_pytorch_model.safetensors'];
const rows = [
  row('someone/edges', repository),
  row('someone/depth', ['depth.safetensors']),
  row('someone/pose', repository),
  row('someone/style', ['style.safetensors'], 'lora'),
];
/** Golden files, as they would lie on this device. */
function setup() {
  const opened: string[] = [];
  const touch = vi.fn(async () => {});
  const library = {
    touch,
    installed: async (id: string) => {
      const found = rows.find((one) => one.id === id);
      if (!found) throw new AppError('not-installed', `${id} is not on this device.`, { model: id });
      return found;
    },
    files: ({ label, files }: (typeof rows)[number]) => {
      const at = (path: string) =>
        ['controls', 'adapters']
          .map((set) => join(GOLDEN, set, files.length === 1 ? path : `${label}/${path}`))
          .find((one) => existsSync(one)) as string;
      const file = async (path: string) => {
        opened.push(path);
        return openAsBlob(at(path));
      };
      return {
        has: (path: string) => repository.includes(path) && existsSync(at(path) ?? ''),
        file,
        json: async (path: string) => JSON.parse(await (await file(path)).text()),
      };
    },
  } as unknown as Library;
  return { touch, opened, find: (...ids: readonly string[]) => findControls(async () => library, ids) };
}

test('repositories and single files are found by their ids, in the order of the layers', async () => {
  const { find, touch, opened } = setup();
  const found = await find('someone/depth', 'someone/edges', 'someone/depth');
  expect(found.map(({ kind, name, hash }) => [kind, name, hash])).toEqual([
    ['ControlNet', 'depth', 'hash of depth.safetensors'],
    ['ControlNet', 'edges', `hash of ${repository[0]},hash of ${repository[1]}`],
    ['ControlNet', 'depth', 'hash of depth.safetensors'],
  ]);
  expect(found[0]?.config).toBeUndefined();
  expect(found[1]?.config).toMatchObject({ _class_name: 'ControlNetModel' });
  expect(opened.filter((path) => path === 'depth.safetensors')).toHaveLength(1);
  expect(touch.mock.calls).toEqual([['someone/depth'], ['someone/edges']]);
});

test('without layers nothing is opened', async () => {
  const open = vi.fn<() => Promise<Library>>();
  expect(await findControls(open, [])).toEqual([]);
  expect(open).not.toHaveBeenCalled();
});

test.each([
  ['is not on this device', 'someone/absent', { kind: 'control-absent', control: 'someone/absent' }],
  ['is a LoRA', 'someone/style', { kind: 'no-control-model', control: 'style' }],
])('one that %s is refused by its name', async (_, id, details) => {
  await expect(setup().find('someone/edges', id)).rejects.toMatchObject({
    code: 'unsupported-control',
    details,
  });
});

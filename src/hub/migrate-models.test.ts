import { expect, test } from 'vitest';
import type { InstalledModel } from '../protocol/models.ts';
import { deleteOldModel, migrateModels } from './migrate-models.ts';
import { rowName } from './model-row.ts';
import { fault, fileSystem, type Tree } from './samples/file-system.ts';
import { folderName } from './store.ts';

const oid = (digit: string) => digit.repeat(64);
const model = (id: string, oids: readonly string[]): InstalledModel => ({
  ...{ id, type: 'model', label: id, repo: id, revision: 'main', licence: null, complete: true },
  files: oids.map((hash, i) => ({ path: `file-${i}`, size: 4, oid: hash })),
  ...{ family: null, className: null, facts: null, installedAt: 1, usedAt: null },
});
const FIRST = model('test/first', [oid('a'), oid('b')]);
const SECOND = model('test/second', [oid('b'), oid('c')]);

const OLD: Tree = {
  'models/': '',
  'blobs/': '',
  [`models/${rowName(FIRST.id)}`]: JSON.stringify(FIRST),
  [`models/${rowName(SECOND.id)}`]: JSON.stringify(SECOND),
  [`blobs/${oid('a')}`]: 'aaaa',
  [`blobs/${oid('b')}`]: 'bbbb',
  [`blobs/${oid('c')}.part`]: 'cc',
  'blobs/import.part': 'half of something',
};
const [MODELS, BLOBS] = [folderName('models'), folderName('blobs')];
const NEW: Tree = {
  [`${MODELS}/`]: '',
  [`${BLOBS}/`]: '',
  [`${MODELS}/${rowName(FIRST.id)}`]: JSON.stringify(FIRST),
  [`${MODELS}/${rowName(SECOND.id)}`]: JSON.stringify(SECOND),
  [`${BLOBS}/${oid('a')}`]: 'aaaa',
  [`${BLOBS}/${oid('b')}`]: 'bbbb',
  [`${BLOBS}/${oid('c')}.part`]: 'cc',
};
const OTHERS: Tree = {
  'models/': '',
  'blobs/': '',
  'models/notes.json': '{"id":"test/first"}',
  [`models/other${rowName(FIRST.id)}`]: JSON.stringify(FIRST),
  [`blobs/${oid('d')}`]: 'not named by any row of ours',
  'music/': '',
  'music/song': 'la',
};

const quiet = () => {};

test('models, and a half download, lie in folders of their own after it', async () => {
  const tree = { ...OLD };
  const progress: number[] = [];
  await migrateModels(({ done }) => progress.push(done), fileSystem(tree));
  expect(tree).toEqual(NEW);
  expect(progress.at(-1)).toBe(4);
});

test('what no row of ours names stays, and where there is no row of ours nothing happens at all', async () => {
  const tree = { ...OTHERS, ...OLD };
  await migrateModels(quiet, fileSystem(tree));
  expect(tree).toEqual({ ...OTHERS, ...NEW });
  const foreign = { ...OTHERS, 'blobs/import.part': 'of another app' };
  const before = { ...foreign };
  await migrateModels(quiet, fileSystem(foreign));
  expect(foreign).toEqual(before);
  const empty = {};
  await migrateModels(quiet, fileSystem(empty));
  expect(empty).toEqual({});
});

test('a move that breaks off before any change ends the same when it is started again', async () => {
  let changes = 0;
  await migrateModels(quiet, fileSystem({ ...OLD, ...OTHERS }, { onChange: () => changes++ }));
  expect(changes).toBeGreaterThan(10);
  for (let nth = 1; nth <= changes; nth++) {
    const tree = { ...OLD, ...OTHERS };
    let count = 0;
    const onChange = () => {
      if (++count >= nth) throw new Error('The worker is gone.');
    };
    await expect(migrateModels(quiet, fileSystem(tree, { onChange }))).rejects.toThrow('is gone');
    await migrateModels(quiet, fileSystem(tree));
    expect(tree, `broken off at change ${nth}`).toEqual({ ...NEW, ...OTHERS });
  }
});

test('a full disk is reported as such, nothing is lost, and the rest comes when there is room', async () => {
  const tree = { ...OLD };
  const onChange = (path: string) => {
    if (path.endsWith(oid('b'))) throw fault('QuotaExceededError');
  };
  await expect(migrateModels(quiet, fileSystem(tree, { onChange }))).rejects.toMatchObject({
    code: 'storage-full',
  });
  expect(tree[`blobs/${oid('b')}`]).toBe('bbbb');
  await migrateModels(quiet, fileSystem(tree));
  expect(tree).toEqual(NEW);
});

test('a file that a closing page still holds is waited for', async () => {
  const tree = { ...OLD };
  let holds = 3;
  const onChange = (path: string) => {
    if (path.endsWith('.part') && holds-- > 0) throw fault('NoModificationAllowedError');
  };
  await migrateModels(quiet, fileSystem(tree, { onChange }));
  expect(tree).toEqual(NEW);
});

test('a row that is at its new place already is left as it is', async () => {
  const newer = JSON.stringify({ ...FIRST, usedAt: 7 });
  const tree = { ...OLD, [`${MODELS}/`]: '', [`${MODELS}/${rowName(FIRST.id)}`]: newer };
  await migrateModels(quiet, fileSystem(tree));
  expect(tree).toEqual({ ...NEW, [`${MODELS}/${rowName(FIRST.id)}`]: newer });
});

test('a model that is deleted between two tries does not come back, and takes nothing of another with it', async () => {
  const tree = { ...OLD, ...OTHERS };
  const onChange = (path: string) => {
    if (path.endsWith(oid('a'))) throw fault('QuotaExceededError');
  };
  await expect(migrateModels(quiet, fileSystem(tree, { onChange }))).rejects.toThrow();
  // As Library.remove does it.
  await deleteOldModel(FIRST.id, [], fileSystem(tree));
  delete tree[`${MODELS}/${rowName(FIRST.id)}`];
  delete tree[`${BLOBS}/${oid('a')}`];
  expect(tree[`blobs/${oid('b')}`]).toBe('bbbb');
  await migrateModels(quiet, fileSystem(tree));
  const { [`${MODELS}/${rowName(FIRST.id)}`]: _, [`${BLOBS}/${oid('a')}`]: __, ...left } = NEW;
  expect(tree).toEqual({ ...left, ...OTHERS });
});

test('what another app calls as we call a model stays when that is deleted, and what is needed here too', async () => {
  const others = { ...OTHERS };
  await deleteOldModel('other/model', [], fileSystem(others));
  await deleteOldModel(FIRST.id, [], fileSystem(others));
  expect(others).toEqual(OTHERS);
  const tree = { ...OLD };
  await deleteOldModel(FIRST.id, [oid('a')], fileSystem(tree));
  const { [`models/${rowName(FIRST.id)}`]: _, ...left } = OLD;
  expect(tree).toEqual(left);
});

import { beforeEach, expect, test, vi } from 'vitest';
import type { Caller } from '../../client/caller.ts';
import { AppError } from '../../protocol/errors.ts';
import { MIDDLE, NO_BORDER } from '../../protocol/placement.ts';
import { createInitImageStore } from './init-image-store.ts';
import { EMPTY_MASK } from './mask.ts';

const revoked: string[] = [];
beforeEach(() => {
  revoked.length = 0;
  let urls = 0;
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => `blob:${++urls}`);
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void revoked.push(url));
});

const PLACED = { mask: EMPTY_MASK, offset: { x: 0, y: 1 }, border: { ...NO_BORDER, left: 8 } };
const picture = new Blob(['picture']);
const other = new Blob(['another picture']);
const text = new Blob(['text'], { type: 'text/plain' });

const SAYS = { tool: 'A1111', settings: { prompt: 'a cat' }, notes: [] };
const made = new Blob(['made'], { type: 'image/png' });

/** A store whose worker takes everything but text, and reads settings in one picture. */
function setup(file: Blob | null = null) {
  const stored = file && { file, ...PLACED };
  const save = vi.fn(async () => {});
  const call = async (_: string, { file }: { file: Blob }) => {
    if (file === text) throw new AppError('unsupported-image', 'Text.', { kind: 'no-picture' });
    return { width: 3, height: 2, settings: file === made ? SAYS : null };
  };
  const store = createInitImageStore({ call } as unknown as Caller, { load: async () => stored, save });
  return { store: store.getState, save };
}

test('a picture is taken, stored, replaced and removed, and each URL is revoked', async () => {
  const { store, save } = setup();
  await store().take(picture);
  expect(store()).toMatchObject({ file: picture, url: 'blob:1', width: 3, height: 2 });
  await store().take(other);
  expect(store()).toMatchObject({ file: other, url: 'blob:2' });
  store().discard();
  expect(store()).toMatchObject({ file: null, url: null });
  expect(revoked).toEqual(['blob:1', 'blob:2']);
  const none = { mask: null, offset: MIDDLE, border: NO_BORDER };
  expect(save.mock.calls).toEqual([[{ file: picture, ...none }], [{ file: other, ...none }], [null]]);
});

test('a file that is no picture is refused, and the picture before it stays', async () => {
  const { store } = setup();
  await store().take(picture);
  await store().take(text);
  expect(store().file).toBe(picture);
  expect(store().error?.code).toBe('unsupported-image');
  await store().take(other);
  expect(store().error).toBeNull();
});

test('another picture has no mask, offset or border', async () => {
  const { store, save } = setup();
  await store().take(picture);
  store().change(PLACED);
  expect(save).toHaveBeenLastCalledWith({ file: picture, ...PLACED });
  await store().take(other);
  expect(store()).toMatchObject({ mask: null, offset: MIDDLE, border: NO_BORDER });
});

test('the last of two pictures taken at once stays', async () => {
  const { store } = setup();
  await Promise.all([store().take(picture), store().take(other)]);
  expect(store().file).toBe(other);
});

test('the stored picture is there at the next visit, unless another was taken before it was loaded', async () => {
  const { store } = setup(picture);
  await store().load();
  expect(store()).toMatchObject({ file: picture, ...PLACED });
  const late = setup(picture);
  await Promise.all([late.store().take(other), late.store().load()]);
  expect(late.store().file).toBe(other);
});

test('a picture that says how it was made waits for an answer; what was there stays, and any other is taken', async () => {
  const { store } = setup();
  await store().take(picture);
  await store().receive(made);
  expect(store()).toMatchObject({ file: picture, received: { file: made, url: 'blob:2', settings: SAYS } });
  store().dismissReceived();
  expect(store()).toMatchObject({ file: picture, received: null });
  expect(revoked).toEqual(['blob:2']);
  await store().receive(other);
  expect(store()).toMatchObject({ file: other, received: null });
  await store().receive(text);
  expect(store().file).toBe(other);
  expect(store().error?.code).toBe('unsupported-image');
});

test('a picture that is being taken is taken all the same when another comes', async () => {
  const { store } = setup();
  await Promise.all([store().take(picture), store().receive(made)]);
  expect(store()).toMatchObject({ file: picture, received: { file: made } });
  await Promise.all([store().receive(other), store().take(picture)]);
  expect(store().file).toBe(picture);
});

test('a picture is put back with all that was done with it', async () => {
  const { store } = setup();
  await store().put({ file: picture, ...PLACED });
  expect(store()).toMatchObject({ file: picture, ...PLACED });
  await store().put(null);
  expect(store().file).toBeNull();
});

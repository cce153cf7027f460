import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { deleteDB, openDB } from 'idb';
import { beforeEach, expect, test, vi } from 'vitest';
import { REQUEST_DEFAULTS } from '../protocol/generation.ts';
import { INIT_IMAGE_DEFAULTS } from '../protocol/init-image.ts';
import { ownName } from '../protocol/root.ts';
import { requestWith } from '../protocol/samples/sample-request.ts';
import { QUIET } from './storage-news.ts';
import { openQueueStorage, readStoredJob, type StoredJob } from './stored-queue.ts';

const request = (prompt: string, image: Blob | null = null) =>
  requestWith({
    prompt,
    image: image && { ...INIT_IMAGE_DEFAULTS, file: image, fit: 'crop', strength: 0.5 },
  });

const job = (id: string, image?: Blob): StoredJob => ({ id, request: request(`prompt of ${id}`, image) });

/** A browser: one holder per lock, the others wait; a page that closes lets its own go. */
function browser() {
  const lines = new Map<string, Promise<unknown>>();
  const open = () => {
    let close = () => {};
    const closed = new Promise<void>((resolve) => {
      close = resolve;
    });
    const locks = {
      request(name: string, callback: () => Promise<unknown>) {
        const before = lines.get(name) ?? Promise.resolve();
        const turn = before.then(() => Promise.race([callback(), closed]));
        lines.set(
          name,
          turn.catch(() => {}),
        );
        return turn;
      },
    } as unknown as LockManager;
    return { locks, close };
  };
  return { open };
}

const lend = (locks: LockManager) => () => locks;

const settle = () => new Promise((resolve) => setTimeout(resolve, 30));

beforeEach(async () => {
  const db = await openDB(ownName('queue'), 1, {
    upgrade(fresh) {
      fresh.createObjectStore('queues');
      fresh.createObjectStore('jobs', { keyPath: 'id' });
    },
  });
  await Promise.all([db.clear('queues'), db.clear('jobs')]);
  db.close();
});

async function rows(): Promise<{ queues: unknown[]; jobs: string[] }> {
  const db = await openDB(ownName('queue'), 1);
  const [queues, jobs] = [await db.getAll('queues'), (await db.getAllKeys('jobs')) as string[]];
  db.close();
  return { queues, jobs };
}

test('the next visit gets the jobs in their order, with their initial images', async () => {
  const { open } = browser();
  const first = open();
  const kept = openQueueStorage(lend(first.locks), 'first');
  const picture = new Blob(['pixels'], { type: 'image/png' });
  await kept.save([job('a'), job('b', picture)]);
  await kept.save([job('b', picture), job('c'), job('a')]);
  first.close();

  const adopted: StoredJob[] = [];
  const second = openQueueStorage(lend(open().locks), 'second');
  await second.adopt((jobs) => adopted.push(...jobs));
  await expect.poll(() => adopted.map(({ id }) => id)).toEqual(['b', 'c', 'a']);
  expect(adopted.map(({ request: { prompt } }) => prompt)).toEqual([
    'prompt of b',
    'prompt of c',
    'prompt of a',
  ]);
  expect(await adopted[0]?.request.image?.file.text()).toBe('pixels');
  await second.save([job('b')]);
  expect(await rows()).toEqual({ queues: [['b']], jobs: ['b'] });
  await second.save([]);
  expect(await rows()).toEqual({ queues: [], jobs: [] });
});

test('layers and picture prompts are kept with their pictures, and one that is damaged with its job is told', async () => {
  const { open } = browser();
  const first = open();
  const controls = [
    {
      ...{ model: 'a/canny', map: new Blob(['map'], { type: 'image/png' }), preprocessor: 'canny' as const },
      ...{ controlMode: 3, scale: 0.8, start: 0.1, end: 0.9, isGuess: true },
    },
  ];
  const pictures = [new Blob(['one']), new Blob(['two'])];
  const picturePrompts = [{ adapter: 'a/ip', pictures, scale: 0.5, parts: 'style' as const }];
  const steered = { ...job('a'), request: requestWith({ controls, picturePrompts }) };
  await openQueueStorage(lend(first.locks), 'first').save([steered]);
  first.close();

  const adopted: StoredJob[] = [];
  await openQueueStorage(lend(open().locks), 'second').adopt((jobs) => adopted.push(...jobs));
  await expect.poll(() => adopted).toHaveLength(1);
  const kept = adopted[0]?.request;
  expect(kept).toEqual(steered.request);
  expect(await kept?.controls[0]?.map.text()).toBe('map');
  const texts = kept?.picturePrompts[0]?.pictures.map((picture) => picture.text());
  expect(await Promise.all(texts ?? [])).toEqual(['one', 'two']);
  // A browser that cannot read a Blob any more gives something else for it.
  const damaged = { ...steered.request, controls: [{ ...controls[0], map: {} }] };
  expect(readStoredJob({ id: 'a', request: damaged })).toBeNull();
});

test('an open page keeps its jobs; when it is closed they go to one other page, not to two', async () => {
  const { open } = browser();
  const first = open();
  await openQueueStorage(lend(first.locks), 'first').save([job('a'), job('b')]);

  const seen: Record<string, string[]> = { second: [], third: [] };
  for (const page of ['second', 'third']) {
    const kept = openQueueStorage(lend(open().locks), page);
    await kept.adopt((jobs) => {
      seen[page]?.push(...jobs.map(({ id }) => id));
      // As the store does it.
      void kept.save(jobs);
    });
  }
  await settle();
  expect(seen).toEqual({ second: [], third: [] });
  first.close();
  await expect.poll(rows).toEqual({ queues: [['a', 'b']], jobs: ['a', 'b'] });
  await settle();
  expect(Object.values(seen).flat().toSorted()).toEqual(['a', 'b']);
  expect(Object.values(seen).filter((ids) => ids.length > 0)).toHaveLength(1);
  expect(await rows()).toEqual({ queues: [['a', 'b']], jobs: ['a', 'b'] });
});

test('an unreadable row is left out and deleted, and told', async () => {
  const { open } = browser();
  const db = await openDB(ownName('queue'), 1);
  await db.put('queues', ['a', 'bad', 'missing'], 'gone');
  await db.put('jobs', { ...job('a'), more: 1 });
  await db.put('jobs', { id: 'bad', request: { prompt: '<script>', width: 1e9 } });
  db.close();
  const unreadable = vi.fn();
  const kept = openQueueStorage(lend(open().locks), 'now', { ...QUIET, unreadable });
  const adopted: StoredJob[] = [];
  await kept.adopt((jobs) => {
    adopted.push(...jobs);
    void kept.save(jobs);
  });
  await expect.poll(rows).toEqual({ queues: [['a']], jobs: ['a'] });
  expect(adopted).toEqual([job('a')]);
  expect(unreadable).toHaveBeenCalledExactlyOnceWith(2);
});

test('jobs are stored again when the database was cleared, and what could not be stored is when it can', async () => {
  const { open } = browser();
  const kept = openQueueStorage(lend(open().locks), 'now');
  await kept.save([job('a'), job('b')]);
  await deleteDB(ownName('queue'));
  await kept.save([job('a'), job('b'), job('c')]);
  expect(await rows()).toEqual({ queues: [['a', 'b', 'c']], jobs: ['a', 'b', 'c'] });
  const full = new DOMException('Full.', 'QuotaExceededError');
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw full;
  });
  await expect(kept.save([job('c'), job('d')])).rejects.toMatchObject({ code: 'storage-full' });
  put.mockRestore();
  await kept.save([job('c'), job('d'), job('e')]);
  expect(await rows()).toEqual({ queues: [['c', 'd', 'e']], jobs: ['c', 'd', 'e'] });
});

test('a damaged list of jobs is told, and nothing else is lost by it', async () => {
  const { open } = browser();
  const unreadable = vi.fn();
  const db = await openDB(ownName('queue'), 1);
  await db.put('queues', 'no list', 'damaged');
  await db.put('queues', ['a'], 'gone');
  await db.put('jobs', job('a'));
  db.close();
  const adopted: StoredJob[] = [];
  await openQueueStorage(lend(open().locks), 'now', { ...QUIET, unreadable }).adopt((jobs) =>
    adopted.push(...jobs),
  );
  await expect.poll(() => adopted).toEqual([job('a')]);
  expect(unreadable).toHaveBeenLastCalledWith(1);
});

test('a job that an earlier version stored is read with the defaults of newer settings', () => {
  const image = { file: new Blob(['picture']), fit: 'crop', strength: 0.6, mask: null };
  const stored = {
    ...{
      model: 'trinket',
      device: 'auto',
      prompt: 'a red apple',
      negativePrompt: '',
      width: 1024,
      height: 64,
    },
    ...{
      numInferenceSteps: 150,
      guidanceScale: 30,
      seed: 3,
      numImages: 16,
      scheduler: 'ddim',
      filmstrip: true,
    },
    image,
  };
  const job = readStoredJob({ id: 'a', request: stored });
  const whole = { ...REQUEST_DEFAULTS, ...stored, image: { ...INIT_IMAGE_DEFAULTS, ...image } };
  expect(job).toEqual({ id: 'a', request: whole });
});

test('a stored job is read with defaults for newer settings, and anything else is rejected', () => {
  expect(readStoredJob(job('a'))).toEqual(job('a'));
  const { eta: _, ...older } = request('x');
  expect(readStoredJob({ id: 'a', request: older })?.request.eta).toBe(0);
  const newer = { ...request('x'), more: 1 };
  expect(readStoredJob({ id: 'a', request: newer })?.request).toEqual(request('x'));

  for (const change of [
    { width: '64' },
    { height: Number.NaN },
    { numInferenceSteps: 0 },
    { numImages: 1e9 },
    { seed: -1 },
    { prompt: null },
    { prompt: 'x'.repeat(10_001) },
    { model: '' },
    { scheduler: 'constructor' },
    { device: 'abacus' },
    { image: { file: 'no blob', strength: 1 } },
    { hires: { scale: 2 } },
    { hires: { scale: Number.NaN, upscaler: 'latent', strength: 1, steps: 1 } },
  ])
    expect(
      readStoredJob({ id: 'a', request: { ...request('x'), ...change } }),
      JSON.stringify(change),
    ).toBeNull();
  fc.assert(fc.property(fc.anything(), (row) => readStoredJob(row) === null));
});

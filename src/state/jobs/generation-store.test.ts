import { expect, test, vi } from 'vitest';
import { AppError } from '../../protocol/errors.ts';
import {
  asBitmap,
  bitmap,
  CREATE,
  denoise,
  finished,
  REQUEST,
  RESULT,
  setup,
} from './samples/generation-calls.ts';

test('a run goes from previews to a picture', async () => {
  const { state, nth } = setup();
  const over = state().generate(REQUEST, CREATE);
  expect(state()).toMatchObject({ phase: 'running', progress: null, run: null });
  const { params, send, resolve } = nth(0);
  expect(params).toBe(REQUEST);

  send({ stage: 'download', loadedBytes: 1, totalBytes: 2 });
  expect(state().run, 'nothing to show yet').toBeNull();
  expect(state().progress).toMatchObject({ stage: 'download' });

  const previews = [bitmap(), bitmap()] as const;
  send(denoise(0, 1, previews[0]));
  expect(state().run?.pictures[0]).toMatchObject({ seed: 0, preview: previews[0], url: null });
  send(denoise(0, 2, previews[1]));
  expect(previews[0].close, 'one that was never drawn is closed').toHaveBeenCalled();
  expect(previews[1].close).not.toHaveBeenCalled();

  send(finished(0, 0));
  const picture = state().run?.pictures[0];
  expect(picture?.url).toMatch(/^blob:/);
  expect(await (await fetch(picture?.url ?? '')).text()).toBe('0');
  resolve(RESULT);
  expect(await over).toBe(state().run);
  expect(state()).toMatchObject({
    phase: 'done',
    error: null,
    run: { origin: CREATE, request: REQUEST, result: RESULT, step: 2 },
  });
});

test('each of several pictures has its own seed, preview, frames and URL', async () => {
  const { state, nth } = setup();
  const over = state().generate({ ...REQUEST, numImages: 3, seed: 2 ** 32 - 2 }, CREATE);
  const { send, resolve } = nth(0);
  send(denoise(0, 1));
  expect(state().run?.pictures.map(({ seed }) => seed)).toEqual([4294967294, 4294967295, 0]);
  send({ stage: 'frame', pass: 1, image: 0, step: 1, picture: asBitmap(bitmap()) });
  send(finished(0, 4294967294));
  send(denoise(1, 1));
  expect(state().run?.pictures.map(({ url }) => url !== null)).toEqual([true, false, false]);
  expect(state().run?.pictures.map(({ preview }) => preview !== null)).toEqual([true, true, false]);
  expect(state().run?.pictures.map(({ frames }) => frames.length)).toEqual([1, 0, 0]);
  resolve(RESULT);
  await over;
});

test('the pictures of the last run stay until the next one has something to show, and are then freed', async () => {
  const { state, nth } = setup();
  const first = state().generate(REQUEST, CREATE);
  const frame = bitmap();
  nth(0).send(denoise(0, 1));
  nth(0).send({ stage: 'frame', pass: 1, image: 0, step: 1, picture: asBitmap(frame) });
  nth(0).send(finished(0, 0));
  nth(0).resolve(RESULT);
  await first;
  const old = state().run?.pictures[0]?.url ?? '';

  const second = state().generate({ ...REQUEST, seed: 1 }, CREATE);
  nth(1).send({ stage: 'encode' });
  expect(state().run?.pictures[0]?.url).toBe(old);
  nth(1).send(denoise(0, 1));
  expect(state().run?.pictures[0]).toMatchObject({ seed: 1, url: null });
  expect(frame.close).toHaveBeenCalled();
  await expect(fetch(old)).rejects.toThrow();
  nth(1).send(finished(0, 1));
  nth(1).resolve(RESULT);
  await second;
});

test('stop shows at once and keeps the pictures made so far', async () => {
  const { state, nth } = setup();
  const over = state().generate({ ...REQUEST, numImages: 2 }, CREATE);
  nth(0).send(denoise(0, 1));
  nth(0).send(finished(0, 0));
  nth(0).send(denoise(1, 1));
  state().stop();
  expect(state().phase).toBe('stopping');
  expect(nth(0).signal.aborted).toBe(true);
  nth(0).reject(new AppError('aborted', 'Stopped.'));
  expect(await over).toMatchObject({ code: 'aborted' });
  expect(state()).toMatchObject({ phase: 'done', error: null, run: { result: null, step: 1 } });
  expect(state().run?.pictures[0]?.url).toMatch(/^blob:/);
  expect(state().run?.pictures[1]?.preview).not.toBeNull();
});

test('a failed run keeps the error’s code and details, and the next run works', async () => {
  const { state, nth } = setup();
  const first = state().generate(REQUEST, CREATE);
  nth(0).reject(new AppError('corrupt-file', 'Wrong size.', { file: 'unet/config.json', expected: 3 }));
  expect(await first).toBe(state().error);
  expect(state().phase).toBe('failed');
  expect(state().error).toMatchObject({
    code: 'corrupt-file',
    details: { file: 'unet/config.json', expected: 3 },
  });

  const second = state().generate(REQUEST, CREATE);
  expect(state()).toMatchObject({ phase: 'running', error: null });
  nth(1).send(denoise(0, 1));
  nth(1).resolve(RESULT);
  await second;
  expect(state().phase).toBe('done');
});

test('an unexpected error is a bug that keeps its message', async () => {
  const { state, nth } = setup();
  const over = state().generate(REQUEST, CREATE);
  nth(0).reject(new TypeError('x is not a function'));
  await over;
  expect(state().error).toMatchObject({ code: 'bug', message: 'TypeError: x is not a function' });
});

test('a request is refused while another is running', async () => {
  const { state, nth, calls } = setup();
  const over = state().generate(REQUEST, CREATE);
  expect(await state().generate(REQUEST, CREATE)).toMatchObject({ code: 'bug' });
  state().stop();
  expect(await state().generate(REQUEST, CREATE)).toMatchObject({ code: 'bug' });
  expect(calls).toHaveLength(1);
  nth(0).reject(new AppError('aborted', 'Stopped.'));
  await over;
});

test('stop does nothing while nothing runs', () => {
  const { state } = setup();
  state().stop();
  expect(state().phase).toBe('idle');
});

test('a picture made before is shown in the place of the run; not while one is running', async () => {
  const { state, nth } = setup();
  const revoke = vi.spyOn(URL, 'revokeObjectURL');
  const over = state().generate(REQUEST, CREATE);
  nth(0).send(denoise(0, 1));
  const png = new Blob(['made before']);
  const earlier = {
    request: REQUEST,
    seed: 42,
    png,
    seconds: null,
    origin: { kind: 'gallery', id: 'a' },
  } as const;
  state().show(earlier);
  expect(state().run?.origin.kind, 'what develops is seen').toBe('create');
  nth(0).send(finished(0, 0));
  nth(0).resolve(RESULT);
  await over;
  const url = state().run?.pictures[0]?.url;
  state().show(earlier);
  expect(state()).toMatchObject({
    phase: 'idle',
    run: { origin: { kind: 'gallery' }, result: { seconds: null } },
  });
  expect(state().run?.pictures).toMatchObject([{ seed: 42, png }]);
  expect(revoke).toHaveBeenCalledWith(url);
});

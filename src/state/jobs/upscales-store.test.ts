import { expect, test } from 'vitest';
import type { Caller } from '../../client/caller.ts';
import type { Calls, UpscaledImage } from '../../protocol/calls.ts';
import { AppError } from '../../protocol/errors.ts';
import { createUpscalesStore } from './upscales-store.ts';

const FILE = new Blob(['small'], { type: 'image/png' });
const LARGER: UpscaledImage = {
  width: 128,
  height: 128,
  png: new Blob(['large']),
  device: { provider: 'wasm', threads: 2 },
};

/** A client whose calls the test answers. */
function setup() {
  const calls: {
    name: string;
    params: Calls['upscale']['params'];
    send: (event: Calls['upscale']['progress']) => void;
    resolve: (result: UpscaledImage) => void;
    reject: (error: unknown) => void;
  }[] = [];
  const call = (name: string, params: Calls['upscale']['params'], options: Parameters<Caller['call']>[2]) =>
    new Promise((resolve, reject) => {
      options?.signal?.addEventListener('abort', () => reject(new AppError('aborted', 'Stopped.')));
      const send = options?.onProgress as (event: Calls['upscale']['progress']) => void;
      calls.push({ name, params, send, resolve, reject });
    });
  const store = createUpscalesStore({ call } as unknown as Caller, (choice) => choice);
  const nth = (i: number) => calls[i] as (typeof calls)[number];
  return { state: store.getState, calls, nth };
}

test('pictures are upscaled one at a time, and the result goes with the picture it was made of', async () => {
  const { state, calls, nth } = setup();
  const over = state().upscale('blob:a', FILE, 'owner/times-two', 'wasm');
  await state().upscale('blob:b', FILE, 'owner/times-two', 'wasm');
  expect(calls).toHaveLength(1);
  expect(nth(0).params).toEqual({ file: FILE, model: 'owner/times-two', device: 'wasm' });
  nth(0).send({ stage: 'tile', done: 1, all: 4 });
  expect(state().busy).toEqual({ of: 'blob:a', task: 'upscale', model: 'owner/times-two', done: 0.25 });
  nth(0).resolve(LARGER);
  await over;
  expect(state().busy).toBeNull();
  const url = state().made['blob:a']?.url ?? '';
  expect(await (await fetch(url)).text()).toBe('large');
  state().forget(['blob:b']);
  expect(state().made['blob:a']?.url).toBe(url);
  state().forget(['blob:a']);
  expect(state().made).toEqual({});
  await expect(fetch(url)).rejects.toThrow();
});

test('a stop is no error; an error stays with its picture until that is forgotten', async () => {
  const { state, nth } = setup();
  const first = state().upscale('blob:a', FILE, 'm', 'wasm');
  state().stop();
  await first;
  expect(state()).toMatchObject({ busy: null, error: null, made: {} });

  const second = state().upscale('blob:a', FILE, 'm', 'wasm');
  nth(1).reject(new AppError('out-of-memory', 'Full.'));
  await second;
  expect(state().error).toMatchObject({ of: 'blob:a', error: { code: 'out-of-memory' } });
  state().forget(['blob:a']);
  expect(state().error).toBeNull();
});

test('forgetting a picture stops its upscale', async () => {
  const { state } = setup();
  const over = state().upscale('blob:a', FILE, 'm', 'wasm');
  state().forget(['blob:a']);
  await over;
  expect(state()).toMatchObject({ busy: null, made: {} });
});

test('a background is removed in the same way, and what that gives replaces an upscaled picture', async () => {
  const { state, nth } = setup();
  const upscale = state().upscale('blob:a', FILE, 'm', 'wasm');
  nth(0).resolve(LARGER);
  await upscale;
  const before = state().made['blob:a']?.url ?? '';
  const removal = state().upscale('blob:a', FILE, 'u2net', 'wasm', 'removeBackground');
  expect(nth(1).name).toBe('removeBackground');
  expect(state().busy).toMatchObject({ task: 'removeBackground', model: 'u2net' });
  nth(1).resolve({ ...LARGER, png: new Blob(['cut']) });
  await removal;
  const made = state().made['blob:a'];
  expect(made?.task).toBe('removeBackground');
  expect(await (await fetch(made?.url ?? '')).text()).toBe('cut');
  await expect(fetch(before)).rejects.toThrow();
});

import { expect, test } from 'vitest';
import type { Caller } from '../../client/caller.ts';
import { AppError } from '../../protocol/errors.ts';
import { createSegmentsStore } from './segments-store.ts';

const PROMPT = { points: [{ x: 0.5, y: 0.5, isPart: true }], box: null };

/** A client whose calls the test answers. */
function setup() {
  const calls: { name: string; params: unknown; send: (stage: 'look' | 'find') => void; end: Ends }[] = [];
  const call = (name: string, params: unknown, options?: Parameters<Caller['call']>[2]) =>
    new Promise((resolve, reject) => {
      options?.signal?.addEventListener('abort', () => reject(new AppError('aborted', 'Stopped.')));
      const send = (stage: 'look' | 'find') => options?.onProgress?.({ stage } as never);
      calls.push({ name, params, send, end: { resolve, reject } });
    });
  const store = createSegmentsStore({ call } as unknown as Caller, () => 'wasm');
  const find = () => store.getState().find(new Blob(), 'blob:a', 'owner/sam', 'auto', PROMPT);
  return { state: store.getState, calls, find, nth: (i: number) => calls[i] as (typeof calls)[number] };
}
interface Ends {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

test('what is done is told, and what was found comes back', async () => {
  const { state, find, nth } = setup();
  const found = find();
  expect(nth(0)).toMatchObject({
    name: 'segment',
    params: { key: 'blob:a', device: 'wasm', prompt: PROMPT },
  });
  expect(state().busy).toBe('waits');
  nth(0).send('look');
  expect(state().busy).toBe('look');
  nth(0).end.resolve({ mask: null });
  expect(await found).toEqual({ mask: null });
  expect(state().busy).toBeNull();
});

test('a stop is no error, and an error lasts until the next question', async () => {
  const { state, find, nth } = setup();
  const stopped = find();
  state().stop();
  expect(await stopped).toBeNull();
  expect(state()).toMatchObject({ busy: null, error: null });
  expect(state().stops, 'clicks that wait are not asked').toBe(1);
  const failed = find();
  nth(1).end.reject(new AppError('out-of-memory', 'Full.'));
  expect(await failed).toBeNull();
  expect(state().error).toMatchObject({ code: 'out-of-memory' });
  void find();
  expect(state().error).toBeNull();
});

test('at the end what still waits is stopped, what computes is not, and what is kept is freed once', async () => {
  const { state, calls, find, nth } = setup();
  const waiting = find();
  state().end();
  expect(await waiting).toBeNull();
  const computing = find();
  nth(2).send('look');
  state().end();
  state().end();
  nth(2).end.resolve({ mask: null });
  expect(await computing).toEqual({ mask: null });
  expect(calls.map(({ name }) => name)).toEqual([
    ...['segment', 'forgetSegmented'],
    ...['segment', 'forgetSegmented'],
  ]);
});

test('what computes yet at the end says nothing to the next picture', async () => {
  const { state, find, nth } = setup();
  const late = find();
  nth(0).send('look');
  state().end();
  expect(state().busy).toBeNull();
  const next = find();
  nth(0).end.reject(new AppError('out-of-memory', 'Full.'));
  await late;
  expect(state()).toMatchObject({ busy: 'waits', error: null });
  nth(2).end.resolve({ mask: null });
  await next;
  expect(state().busy).toBeNull();
});

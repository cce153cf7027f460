import { expect, test } from 'vitest';
import { AppError } from '../../protocol/errors.ts';
import { canKeep } from './generation-store.ts';
import { CREATE, denoise, finished, REQUEST, RESULT, setup } from './samples/generation-calls.ts';

test('what a stopped run has begun is kept when that is asked for, and says how far it was', async () => {
  const { state, nth, calls } = setup();
  const over = state().generate({ ...REQUEST, numImages: 2 }, CREATE);
  expect(canKeep(state())).toBe(false);
  nth(0).send(denoise(0, 1));
  state().stop();
  nth(0).reject(new AppError('aborted', 'Stopped.'));
  await over;
  expect(canKeep(state())).toBe(true);
  const keeping = state().keep();
  void state().keep();
  expect(state().isKeeping).toBe(true);
  expect(
    calls.map(({ name }) => name),
    'once',
  ).toEqual(['generate', 'keepStopped']);
  const stopped = { pass: 1, step: 1, steps: 2 } as const;
  const png = new Blob(['kept']);
  nth(1).send({ image: 0, picture: { seed: 0, width: 96, height: 64, png }, stopped } as never);
  nth(1).resolve(undefined as never);
  await keeping;
  expect(state().run?.pictures).toMatchObject([
    { png, stopped },
    { png: null, stopped: null },
  ]);
  expect(state()).toMatchObject({ phase: 'done', isKeeping: false, error: null });
  expect(canKeep(state())).toBe(false);
});

test('where nothing is left to keep, as after a crash, that is said', async () => {
  const { state, nth } = setup();
  const over = state().generate(REQUEST, CREATE);
  nth(0).send(denoise(0, 1));
  nth(0).reject(new AppError('aborted', 'Stopped.'));
  await over;
  const keeping = state().keep();
  nth(1).resolve(undefined as never);
  await keeping;
  expect(state()).toMatchObject({ phase: 'failed', isKeeping: false, error: { code: 'worker-crashed' } });
});

/** A run that was stopped after its first step. */
async function stopped({ state, nth }: ReturnType<typeof setup>, call = 0) {
  const over = state().generate(REQUEST, CREATE);
  nth(call).send(denoise(0, 1));
  state().stop();
  nth(call).reject(new AppError('aborted', 'Stopped.'));
  await over;
}

test('what was stopped is kept while the queue goes on; the picture of the run that goes on stays', async () => {
  const all = setup();
  const { state, nth, calls } = all;
  await stopped(all);
  const over = state().generate({ ...REQUEST, seed: 9 }, CREATE);
  expect(state().stopped).toMatchObject({ request: REQUEST, step: 1 });
  nth(1).send(denoise(0, 1));
  const keeping = state().keep();
  expect(calls[2]?.name).toBe('keepStopped');
  nth(1).send(finished(0, 9));
  nth(1).resolve(RESULT);
  await over;
  expect(state()).toMatchObject({ isKeeping: true, stopped: { step: 1 } });
  const png = new Blob(['kept']);
  const seen: unknown[] = [];
  all.store.subscribe((now) => seen.push(now.stopped?.pictures[0]?.png));
  const at = { pass: 1, step: 1, steps: 2 } as const;
  nth(2).send({ image: 0, picture: { seed: 0, width: 96, height: 64, png }, stopped: at } as never);
  nth(2).resolve(undefined as never);
  await keeping;
  expect(seen).toContain(png);
  expect(state()).toMatchObject({ phase: 'done', stopped: null, isKeeping: false, error: null });
  expect(state().run?.request.seed).toBe(9);
});

test('what was stopped is offered no more once its weights are gone, or another was stopped', async () => {
  for (const change of [{ model: 'a/b' }, { bits: 8 }, { device: 'wasm' }] as const) {
    const all = setup();
    await stopped(all);
    void all.state().generate({ ...REQUEST, ...change }, CREATE);
    expect(all.state().stopped).toBeNull();
  }
  const all = setup();
  await stopped(all);
  await stopped(all, 1);
  expect(all.state().stopped).toBeNull();
  expect(canKeep(all.state())).toBe(true);
  const over = all.state().generate(REQUEST, CREATE);
  expect(all.state().stopped).not.toBeNull();
  all.nth(2).reject(new AppError('wrong-numbers', 'NaN.'));
  await over;
  expect(all.state().stopped).toBeNull();
});

test('a picture of the gallery on the easel takes nothing away of what was stopped', async () => {
  const all = setup();
  await stopped(all);
  const png = new Blob(['png']);
  all.state().show({ request: REQUEST, seed: 1, png, seconds: null, origin: { kind: 'gallery', id: '1' } });
  expect(all.state().stopped).toMatchObject({ step: 1 });
  all.state().forgetStopped();
  expect(all.state().stopped).toBeNull();
});

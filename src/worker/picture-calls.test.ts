import { expect, test, vi } from 'vitest';
import type { UpscaledImage } from '../protocol/calls.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { createEngine, type EngineWorld } from './engine.ts';
import type { Segmenting } from './segment-picture.ts';

const PROMPT = { points: [{ x: 0.5, y: 0.5, isPart: true }], box: null };
const ASKED = {
  file: new Blob(),
  key: 'blob:a',
  model: 'owner/sam',
  device: 'auto',
  prompt: PROMPT,
} as const;

/** An engine whose device is never lent for long, and whose upscaler takes as long as the test says. */
function engine() {
  const dispose = vi.fn();
  const runtime = { target: { provider: 'wasm' }, dispose } as unknown as Runtime;
  let end: (image: UpscaledImage) => void = () => {};
  const segment = vi.fn<Segmenting['segment']>(async (_, __, lend) => {
    await lend(async (lent) => expect(lent).toBe(runtime));
    return { mask: null };
  });
  const upscaleFile = vi.fn(
    () =>
      new Promise<UpscaledImage>((resolve) => {
        end = resolve;
      }),
  );
  const forget = vi.fn<Segmenting['forget']>(async () => undefined);
  const world = {
    probeDevice: async () => ({ auto: 'wasm', threads: 4 }),
    openRuntime: async () => runtime,
    upscaleFile,
    segmenting: { segment, forget },
    library: {},
  } as unknown as EngineWorld;
  const controller = new AbortController();
  const context = { signal: controller.signal, waits: vi.fn(), progress: () => {} };
  return {
    ...{ context, segment, forget, dispose, upscaleFile },
    calls: createEngine(world),
    abort: () => controller.abort(),
    end: () => end({} as UpscaledImage),
  };
}

test('a thing is found on a device that is lent for the look and closed again', async () => {
  const { calls, context, segment, dispose } = engine();
  expect(await calls.segment(ASKED, context)).toEqual({ mask: null });
  expect(segment.mock.lastCall?.[0]).toBe(ASKED);
  expect(dispose).toHaveBeenCalledOnce();
});

test('a click waits behind what is being made, and ends at once where it is stopped; what is kept is freed in its turn', async () => {
  const { calls, context, segment, forget, upscaleFile, abort, end } = engine();
  const other = { signal: new AbortController().signal, waits: () => {}, progress: () => {} };
  const upscaling = calls.upscale({ file: new Blob(), model: 'owner/times-two', device: 'auto' }, other);
  const asked = calls.segment(ASKED, context);
  const freeing = calls.forgetSegmented(undefined, other);
  await vi.waitFor(() => expect(context.waits).toHaveBeenCalledWith(true));
  abort();
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  expect(forget).not.toHaveBeenCalled();
  await vi.waitFor(() => expect(upscaleFile).toHaveBeenCalledOnce());
  end();
  await upscaling;
  await freeing;
  expect(segment).not.toHaveBeenCalled();
  expect(forget).toHaveBeenCalledOnce();
});

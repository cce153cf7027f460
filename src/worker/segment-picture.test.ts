import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Library } from '../hub/library.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { OnnxSession } from '../runtime/session.ts';
import { createSegmenting } from './segment-picture.ts';

const PNG = new Blob([
  Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJ'), (letter) => letter.charCodeAt(0)),
]);
const SIDE = 64;

beforeAll(() => {
  vi.stubGlobal('ImageData', class {});
  vi.stubGlobal('createImageBitmap', async () => ({ width: SIDE, height: SIDE, close: () => {} }));
  const context = {
    fillRect: () => {},
    drawImage: () => {},
    putImageData: () => {},
    getImageData: () => ({ data: new Uint8ClampedArray(SIDE * SIDE * 4) }),
  };
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      getContext = () => context;
      convertToBlob = async () => PNG;
    },
  );
});
afterAll(() => vi.unstubAllGlobals());

/** Graphs that find everything, or nothing, and note when they are closed. */
function world() {
  const closed: string[] = [];
  let logit = 1;
  const tensor = (shape: readonly number[], value: number) =>
    ({ dtype: 'float32', shape, data: new Float32Array(shape.reduce((a, b) => a * b)).fill(value) }) as const;
  const openOnnx = async ({ bytes }: { readonly bytes: Uint8Array }): Promise<OnnxSession> => {
    const path = new TextDecoder().decode(bytes);
    return {
      inputNames: [],
      outputNames: ['image_embeddings', 'image_positional_embeddings', 'iou_scores', 'pred_masks'],
      run: async () => ({
        image_embeddings: tensor([1, 1, 1, 1], 0),
        image_positional_embeddings: tensor([1, 1, 1, 1], 0),
        iou_scores: tensor([1, 1, 3], 1),
        pred_masks: tensor([1, 1, 3, 4, 4], logit),
      }),
      release: async () => void closed.push(path),
    };
  };
  const runtime = { openOnnx, dispose: () => {} } as unknown as Runtime;
  const files = {
    has: () => true,
    file: async (path: string) => new Blob([path]),
    json: async (path: string) =>
      path === 'config.json'
        ? { architectures: ['SamModel'] }
        : { size: { longest_edge: 16 }, pad_size: { width: 16, height: 16 } },
  };
  const library = { installed: async () => ({}), touch: async () => {}, files: () => files };
  const segmenting = createSegmenting(
    async () => library as unknown as Library,
    async () => runtime,
  );
  const lent = vi.fn();
  const lend = <T>(use: (runtime: Runtime) => Promise<T>) => {
    lent();
    return use(runtime);
  };
  const progress = vi.fn();
  const controller = new AbortController();
  const segment = (key: string) =>
    segmenting.segment(
      {
        ...{ file: PNG, key, model: 'owner/sam', device: 'auto' },
        prompt: { points: [{ x: 0.5, y: 0.5, isPart: true }], box: null },
      },
      { signal: controller.signal, progress, waits: () => {} },
      lend,
    );
  const findNothing = () => {
    logit = -1;
  };
  const stages = () => progress.mock.calls.map(([{ stage }]) => stage as string);
  return { segment, segmenting, lent, closed, stages, findNothing, abort: () => controller.abort() };
}

const [ENCODER, DECODER] = ['onnx/vision_encoder.onnx', 'onnx/prompt_encoder_mask_decoder.onnx'];

test('a picture is looked at once, whatever is asked of it, until another one comes or it is forgotten', async () => {
  const { segment, segmenting, lent, closed, stages } = world();
  expect((await segment('blob:a')).mask).toBeInstanceOf(Blob);
  await segment('blob:a');
  expect(lent).toHaveBeenCalledTimes(1);
  expect(stages()).toEqual(['look', 'find', 'find']);
  expect(closed).toEqual([ENCODER]);
  await segment('blob:b');
  expect(lent).toHaveBeenCalledTimes(2);
  expect(closed).toEqual([ENCODER, DECODER, ENCODER]);
  await segmenting.forget();
  await segmenting.forget();
  expect(closed).toEqual([ENCODER, DECODER, ENCODER, DECODER]);
  await segment('blob:b');
  expect(lent).toHaveBeenCalledTimes(3);
});

test('where nothing is found there is no mask, and a call that is stopped keeps nothing', async () => {
  const { segment, lent, findNothing, abort } = world();
  findNothing();
  expect(await segment('blob:a')).toEqual({ mask: null });
  abort();
  await expect(segment('blob:b')).rejects.toMatchObject({ name: 'AbortError' });
  await expect(segment('blob:b')).rejects.toMatchObject({ name: 'AbortError' });
  expect(lent).toHaveBeenCalledTimes(3);
});

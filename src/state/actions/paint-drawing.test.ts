import { beforeEach, expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import { modelCard } from '../device/model-card.ts';
import type { Live, LivePicture } from '../draw/live-store.ts';
import { createStores } from '../stores.ts';
import { drawingRequest, fewStepsFor, followLiveDevice, keepLivePicture } from './paint-drawing.ts';
import { SAMPLE_BROWSER } from './samples/sample-browser.ts';

const DRAWING = new Blob(['drawing'], { type: 'image/bmp' });
const PNG = new Blob(['as a PNG'], { type: 'image/png' });

beforeEach(() => {
  vi.stubGlobal('createImageBitmap', async () => ({ width: 8, height: 8, close: () => {} }));
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      getContext = () => ({ drawImage: () => {} });
      convertToBlob = async () => PNG;
    },
  );
  return () => vi.unstubAllGlobals();
});

function setup() {
  const client = { call: async () => ({ width: 8, height: 8, settings: null }) } as unknown as Caller;
  const storageFaults = createStore(() => ({ failed: {}, unreadable: {}, dismiss: () => {} }));
  const stores = createStores({ ...SAMPLE_BROWSER, client, library: client, storageFaults });
  const { set } = stores.settings.getState();
  const request = (strength = 0.5) => drawingRequest(stores, DRAWING, { strength, seed: 7 });
  return { stores, set, request };
}

test('a drawing is painted with the form’s prompt, model and size, and with a strength and a seed of its own', async () => {
  const { set, request } = setup();
  set('prompt', 'a red apple');
  set('seed', '99');
  set('strength', '0.9');
  set('width', '192');
  set('numImages', '9');
  set('hiresUpscaler', 'image');
  set('gateStep', '3');
  expect(await request(0.5)).toMatchObject({
    ...{ prompt: 'a red apple', model: 'trinket', width: 192, height: 128, seed: 7 },
    ...{ numInferenceSteps: 8, guidanceScale: 2, scheduler: 'ddim', schedule: null },
    ...{ numImages: 1, hires: null, filmstrip: false, gateStep: 0, cacheInterval: 1 },
    image: { file: DRAWING, strength: 0.5, mask: null, fit: 'crop' },
  });
});

test('the form’s start picture is not the drawing’s', async () => {
  const { stores, request } = setup();
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:1');
  await stores.initImage.getState().take(new Blob(['photo']));
  expect((await request()).image?.file).toBe(DRAWING);
});

test('a model that needs many steps follows no pen, and is painted once with the form’s', async () => {
  const { stores, set, request } = setup();
  set('model', 'someone/slow');
  set('numInferenceSteps', '25');
  const { fields } = stores.settings.getState();
  expect(fewStepsFor(fields, modelCard('someone/slow', null), 0.5)).toBeNull();
  expect(await request()).toMatchObject({ numInferenceSteps: 25, image: { strength: 0.5 } });
  set('prompt', 'a cat <lora:Hyper-SD15-4steps-lora:1>');
  expect(await request()).toMatchObject({ numInferenceSteps: 4, scheduler: 'ddim-trailing' });
});

test('what is kept has the settings that made it, and the drawing as a PNG', async () => {
  const { stores, request } = setup();
  const save = vi.spyOn(stores.gallery.getState(), 'save').mockResolvedValue();
  vi.spyOn(stores.gallery.getState(), 'savedAs').mockReturnValue('1');
  const texts = { prompt: 'a red apple', negativePrompt: '', template: null };
  const picture: LivePicture = {
    ...{ seed: 7, texts, width: 128, height: 128, png: new Blob(['png']) },
    ...{ request: await request(0.4), url: 'blob:1', seconds: 0.5, device: { provider: 'wasm', threads: 2 } },
  };
  await keepLivePicture(stores, picture);
  expect(save).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({
      png: picture.png,
      image: PNG,
      mask: null,
      seconds: 0.5,
      device: 'wasm',
      experiment: null,
    }),
  );
  const { settings } = save.mock.calls[0]?.[0].settings ?? {};
  expect(settings).toMatchObject({ prompt: 'a red apple', seed: 7, strength: 0.4, numInferenceSteps: 10 });
  expect(stores.notice.getState().fact).toEqual({ kind: 'picture-kept' });
});

test('what a drawing’s pictures are computed on is noted, and how they end on the GPU', () => {
  const { stores } = setup();
  const live = createStore(() => ({ progress: null, picture: null, error: null }) as unknown as Live);
  const noteGpuRun = vi.spyOn(stores.device.getState(), 'noteGpuRun');
  followLiveDevice(stores, live);
  const device = { provider: 'webgpu', threads: 2 } as const;
  live.setState({ progress: { stage: 'device', device } });
  expect(stores.device.getState().used.auto).toEqual(device);
  live.setState({ picture: { request: requestWith(), device } as unknown as LivePicture });
  expect(noteGpuRun).toHaveBeenLastCalledWith(true);
});

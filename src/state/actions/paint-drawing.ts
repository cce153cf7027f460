import type { StoreApi } from 'zustand/vanilla';
import type { FewSteps } from '../../catalog/fast.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import { INIT_IMAGE_DEFAULTS } from '../../protocol/init-image.ts';
import { SETTINGS } from '../../protocol/settings.ts';
import { deviceInUse } from '../device/device-store.ts';
import { type ModelCard, modelCard } from '../device/model-card.ts';
import { liveSteps } from '../draw/live-steps.ts';
import type { Live, LivePicture } from '../draw/live-store.ts';
import type { Fields } from '../form/fields.ts';
import { toFormRequest } from '../form/form-request.ts';
import { expectedSeconds, type Speeds } from '../jobs/speed-store.ts';
import type { Stores } from '../stores.ts';
import { lorasIn } from './fast.ts';
import { withoutImage } from './generate.ts';
import { FAILURES } from './note-device.ts';
import { savePicture } from './save-pictures.ts';

type Choice = Pick<Live, 'strength' | 'seed'>;

/** The settings that paint a drawing in a few steps with the form's model; null where it needs many. */
export const fewStepsFor = (
  fields: Fields,
  { kind, defaults }: ModelCard,
  strength: number,
): FewSteps | null =>
  liveSteps(
    {
      ...{ id: fields.model, kind, defaults },
      loras: lorasIn(fields.prompt),
      form: {
        numInferenceSteps: Number(fields.numInferenceSteps),
        guidanceScale: Number(fields.guidanceScale),
        scheduler: fields.scheduler,
        eta: Number(fields.eta),
      },
    },
    strength,
  );

/** What paints a drawing: the form's request with the drawing to start from, in as few steps as the model allows. */
export async function drawingRequest(
  stores: Stores,
  drawing: Blob,
  { strength, seed }: Choice,
): Promise<GenerationRequest> {
  const { fields } = stores.settings.getState();
  const card = modelCard(fields.model, stores.models.getState().installed);
  const few = fewStepsFor(fields, card, strength);
  return {
    ...(await withoutImage(stores, toFormRequest(fields))),
    ...(few && { ...few, schedule: null }),
    ...{ seed, numImages: 1, filmstrip: false, hires: null, controls: [], picturePrompts: [] },
    // Both leave out steps, of which there are few.
    ...{ cacheInterval: SETTINGS.cacheInterval.default, gateStep: SETTINGS.gateStep.default },
    image: { ...INIT_IMAGE_DEFAULTS, file: drawing, strength },
  };
}

/** How long a picture of a drawing will take with the form as it is; null where nothing like it has been measured. */
export function secondsFor(
  speeds: Pick<Speeds, 'measured'>,
  fields: Fields,
  strength: number,
): number | null {
  const image = { ...INIT_IMAGE_DEFAULTS, file: new Blob(), strength };
  const request = { ...toFormRequest(fields), image, hires: null, numImages: 1 };
  return expectedSeconds(speeds, request as unknown as GenerationRequest);
}

/** Puts a picture of a drawing into the gallery, with the drawing as a PNG, so that both can be brought back. */
export async function keepLivePicture(stores: Stores, picture: LivePicture): Promise<void> {
  const { request, seed, texts, png, seconds, device } = picture;
  const image = request.image && { ...request.image, file: await asPng(request.image.file) };
  savePicture(
    stores,
    { request: { ...request, image }, origin: { kind: 'create' } },
    { seed, texts, png, stopped: null },
    seconds,
    device,
  );
  await stores.gallery.getState().settled();
  if (stores.gallery.getState().savedAs(png) !== null) stores.notice.getState().say({ kind: 'picture-kept' });
}

async function asPng(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type: 'image/png' });
}

/** Notes what pictures of drawings are computed on, and how they end on the GPU. Returns what ends that. */
export function followLiveDevice({ device, settings }: Stores, live: StoreApi<Live>): () => void {
  return live.subscribe(({ progress, picture, error }, before) => {
    const { noteUse, noteGpuRun } = device.getState();
    const choice = settings.getState().fields.device;
    if (progress?.stage === 'device' && progress !== before.progress) noteUse(choice, progress.device);
    if (picture && picture !== before.picture && picture.device?.provider === 'webgpu') noteGpuRun(true);
    if (!error || error === before.error || !FAILURES.includes(error.code)) return;
    if (deviceInUse(device.getState(), choice)?.provider === 'webgpu') noteGpuRun(false);
  });
}

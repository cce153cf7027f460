import { modelLabel } from '../catalog/models.ts';
import { Library } from '../hub/library.ts';
import { encodePng } from '../image/encode-png.ts';
import { imageSize, readImage } from '../image/read-image.ts';
import { readPngTexts } from '../metadata/png-text.ts';
import { openUpscaler, upscale } from '../pipeline/upscale.ts';
import type { Calls, UpscaledImage } from '../protocol/calls.ts';
import { AppError } from '../protocol/errors.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { CallContext } from './serve.ts';

/**
 * A picture file through an upscaler on this device. What the file says of how it was made stays, with A1111's words for
 * what was done to it since (scripts/postprocessing_upscale.py).
 * @throws AppError not-installed, unsupported-image, picture-too-large, unsupported-model, out-of-memory, device-lost
 */
export async function upscaleFile(
  { file, model }: Calls['upscale']['params'],
  { progress, signal }: CallContext<'upscale'>,
  runtime: Runtime,
): Promise<UpscaledImage> {
  const library = await Library.open();
  const row = await library.find(model);
  if (!row?.complete) throw new AppError('not-installed', `${model} is not on this device.`, { model });
  const picture = await readImage(file, await imageSize(file));
  progress({ stage: 'load' });
  await library.touch(model);
  const upscaler = await openUpscaler(library.files(row), runtime);
  try {
    const enlarged = await upscale(upscaler, picture, async (done, all) => {
      progress({ stage: 'tile', done, all });
      // Lets an abort in: messages are not read while the engine computes.
      await new Promise((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
    });
    const texts = Object.fromEntries(await readPngTexts(file));
    const since = `Postprocess upscale by: ${upscaler.scale}, Postprocess upscaler: ${modelLabel(model)}`;
    const parameters = texts.parameters === undefined ? since : `${texts.parameters}, ${since}`;
    const png = await encodePng(enlarged, { ...texts, parameters });
    return { width: enlarged.width, height: enlarged.height, png };
  } finally {
    await upscaler.session.release();
  }
}

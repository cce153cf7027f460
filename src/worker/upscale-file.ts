import { modelLabel } from '../catalog/models.ts';
import type { Library } from '../hub/library.ts';
import { encodePng } from '../image/encode-png.ts';
import { readImage } from '../image/read-image.ts';
import { loadUpscaler } from '../loaders/load-upscaler.ts';
import { COMMENT_KEYWORD } from '../metadata/containers/exif.ts';
import { readPngTexts } from '../metadata/containers/png-text.ts';
import { upscaleImage } from '../pipeline/upscale-image.ts';
import type { Calls, UpscaledImage } from '../protocol/calls.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { type CallContext, readMessages } from './serve.ts';

/** Upscales a picture’s file. */
export type UpscaleFile = (
  params: Calls['upscale']['params'],
  context: CallContext<'upscale'>,
  runtime: Runtime,
) => Promise<UpscaledImage>;

/**
 * Makes a picture file larger with an upscaler from this device. What the file says about how it was made stays in it, with
 * AUTOMATIC1111's words for the upscaling added (scripts/postprocessing_upscale.py). What it returns throws AppError
 * not-installed, unsupported-image, picture-too-large, unsupported-model, out-of-memory, device-lost; `signal.reason`.
 */
export const createUpscaleFile =
  (openLibrary: () => Promise<Library>): UpscaleFile =>
  async ({ file, model }, { progress, signal }, runtime) => {
    const library = await openLibrary();
    const row = await library.installed(model);
    const image = await readImage(file);
    progress({ stage: 'load' });
    await library.touch(model);
    const upscaler = await loadUpscaler(library.files(row), runtime);
    try {
      const upscaled = await upscaleImage(upscaler, image, async (done, all) => {
        progress({ stage: 'tile', done, all });
        await readMessages();
        signal.throwIfAborted();
      });
      const texts = Object.fromEntries(await readPngTexts(file));
      const added = `Postprocess upscale by: ${upscaler.scale}, Postprocess upscaler: ${modelLabel(model)}`;
      const said = texts.parameters ?? texts[COMMENT_KEYWORD];
      const parameters = said === undefined ? added : `${said}, ${added}`;
      const png = await encodePng(upscaled, { ...texts, parameters });
      return { width: upscaled.width, height: upscaled.height, png, device: runtime.usedDevice };
    } finally {
      await upscaler.release();
    }
  };

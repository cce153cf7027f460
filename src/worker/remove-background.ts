import type { Library } from '../hub/library.ts';
import { encodePng } from '../image/encode-png.ts';
import { readImage } from '../image/read-image.ts';
import { removeBackground } from '../loaders/segmenter/remove-background.ts';
import { readPngTexts } from '../metadata/containers/png-text.ts';
import type { Calls, UpscaledImage } from '../protocol/calls.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { type CallContext, readMessages } from './serve.ts';

/** Makes the background of a picture's file transparent. */
export type RemoveBackground = (
  params: Calls['removeBackground']['params'],
  context: CallContext<'removeBackground'>,
  runtime: Runtime,
) => Promise<UpscaledImage>;

/**
 * Cuts out what stands before the background with a model from this device. What the file says about how it was made stays in it.
 * What it returns throws AppError not-installed, unsupported-image, unsupported-model, out-of-memory, device-lost; `signal.reason`.
 */
export const createRemoveBackground =
  (openLibrary: () => Promise<Library>): RemoveBackground =>
  async ({ file, model }, { progress, signal }, runtime) => {
    const library = await openLibrary();
    const row = await library.installed(model);
    const image = await readImage(file);
    progress({ stage: 'load' });
    await library.touch(model);
    await readMessages();
    signal.throwIfAborted();
    const cut = await removeBackground(library.files(row), runtime, image);
    await readMessages();
    signal.throwIfAborted();
    const png = await encodePng(cut, Object.fromEntries(await readPngTexts(file)));
    return { width: cut.width, height: cut.height, png, device: runtime.usedDevice };
  };

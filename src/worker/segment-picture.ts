import type { Library } from '../hub/library.ts';
import { encodePng } from '../image/encode-png.ts';
import { fromGrey } from '../image/picture.ts';
import { readImage } from '../image/read-image.ts';
import {
  embedPicture,
  type MaskDecoder,
  openMaskDecoder,
  type PictureEmbedding,
} from '../loaders/segmenter/load-segmenter.ts';
import { pixelPrompt, within } from '../loaders/segmenter/pixel-prompt.ts';
import type { Calls } from '../protocol/calls.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { type CallContext, readMessages } from './serve.ts';

/** Lends the device that a picture is looked at on. */
type Lend = <T>(use: (runtime: Runtime) => Promise<T>) => Promise<T>;

/** Finds things in one picture after another. Its calls must not overlap. */
export interface Segmenting {
  segment(
    params: Calls['segment']['params'],
    context: CallContext<'segment'>,
    lend: Lend,
  ): Promise<Calls['segment']['result']>;
  /** Frees what is kept of the last picture. */
  forget(): Promise<undefined>;
}

/** What is kept of a picture for what is asked next. */
interface Seen {
  readonly of: string;
  readonly picture: PictureEmbedding;
  readonly decoder: MaskDecoder;
  readonly runtime: Runtime;
}

/**
 * What is at a point is found on the CPU, in a fraction of a second: a GPU that is lent only for the first look may be gone by then.
 * What `segment` returns throws AppError not-installed, unsupported-image, unsupported-model, out-of-memory, device-lost;
 * `signal.reason`.
 */
export function createSegmenting(
  openLibrary: () => Promise<Library>,
  openRuntime: (provider: 'wasm') => Promise<Runtime>,
): Segmenting {
  let seen: Seen | undefined;

  const forget = async (): Promise<undefined> => {
    const { decoder, runtime } = seen ?? {};
    seen = undefined;
    await decoder?.release();
    runtime?.dispose();
  };

  const look = async (
    { file, model }: Calls['segment']['params'],
    { progress, signal }: CallContext<'segment'>,
    lend: Lend,
  ): Promise<Omit<Seen, 'of'>> => {
    const library = await openLibrary();
    const files = library.files(await library.installed(model));
    const image = await readImage(file);
    progress({ stage: 'look' });
    await library.touch(model);
    const picture = await lend((runtime) => embedPicture(files, runtime, image));
    await readMessages();
    signal.throwIfAborted();
    const runtime = await openRuntime('wasm');
    return { picture, decoder: await openMaskDecoder(files, runtime), runtime };
  };

  return {
    async segment(params, context, lend) {
      const of = `${params.model} ${params.key}`;
      if (seen?.of !== of) {
        await forget();
        seen = { of, ...(await look(params, context, lend)) };
      }
      context.progress({ stage: 'find' });
      const { points, box } = pixelPrompt(params.prompt, seen.picture.size);
      const found = within(await seen.decoder.segment(seen.picture, points), box);
      return { mask: found.data.includes(255) ? await encodePng(fromGrey(found), {}) : null };
    },
    forget,
  };
}

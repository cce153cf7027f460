import type { PreparedInitImage } from '../image/prepare-init-image.ts';
import type { Model } from '../loaders/loader.ts';
import { decodeLatents } from '../pipeline/decode.ts';
import type { PipelineEvent } from '../pipeline/events.ts';
import type { GenerationRequest, KeptImage } from '../protocol/generation.ts';
import { picturePng } from './picture-png.ts';

type Denoised = Extract<PipelineEvent, { stage: 'denoise' }>;

/** What the pictures of a run have in common. */
interface Painting {
  readonly model: Model;
  readonly request: GenerationRequest;
  /** The number of its first picture in the whole run, counted from 0. */
  readonly first: number;
  /** What is kept of the picture it started from; of a second pass, of that at its size. */
  readonly initImage: PreparedInitImage | null;
}

/** The pictures that a run has begun and not finished, as they are at their last step. */
export interface Unfinished {
  /** Forgets those of the run before. */
  begin(painting: Painting): void;
  note(event: PipelineEvent): void;
  forget(): void;
  /** Decodes them, one after the other, and forgets them. */
  keep(tell: (kept: KeptImage) => void, signal: AbortSignal): Promise<void>;
}

export function createUnfinished(): Unfinished {
  let painting: Painting | undefined;
  const last = new Map<number, Denoised>();
  const forget = () => {
    painting = undefined;
    last.clear();
  };
  return {
    forget,
    begin(next) {
      forget();
      painting = next;
    },
    note(event) {
      if (event.stage === 'denoise') last.set(event.image, event);
      if (event.stage === 'image') last.delete(event.image);
    },
    async keep(tell, signal) {
      const [of, events] = [painting, [...last.values()]];
      forget();
      if (!of) return;
      const { model, request, first, initImage } = of;
      for (const { image, pass, step, steps, estimate, isTiled } of events) {
        const seed = request.seed + image;
        const decoded = await decodeLatents(model.vae, estimate(), isTiled);
        signal.throwIfAborted();
        const isWhole = pass === (request.hires ? 2 : 1);
        const { prompt, negativePrompt, template } = request;
        const picture = (isWhole && (await initImage?.restoreUnmasked(decoded))) || decoded;
        const { width, height } = picture;
        const stopped = { pass, step, steps };
        const png = await picturePng(picture, request, seed, stopped);
        const texts = { prompt, negativePrompt, template };
        tell({ image: first + image, picture: { seed, texts, width, height, png }, stopped });
      }
    },
  };
}

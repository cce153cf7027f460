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

/** The pictures that the last stopped run had begun and not finished, as they are at their last step. */
export interface Unfinished {
  /** Those of a run that was stopped before stay, where the same weights can decode them. */
  begin(painting: Painting): void;
  note(event: PipelineEvent): void;
  /** The run was stopped: what it had begun takes the place of the one's before. */
  stop(): void;
  forget(): void;
  /** Decodes them, one after the other, and forgets them. */
  keep(tell: (kept: KeptImage) => void, signal: AbortSignal): Promise<void>;
}

export function createUnfinished(): Unfinished {
  let painting: Painting | undefined;
  const last = new Map<number, Denoised>();
  let stopped: { readonly painting: Painting; readonly events: readonly Denoised[] } | undefined;
  return {
    forget() {
      painting = undefined;
      stopped = undefined;
      last.clear();
    },
    begin(next) {
      painting = next;
      last.clear();
      const isSame = stopped?.painting.model === next.model;
      if (!isSame || stopped?.painting.request.bits !== next.request.bits) stopped = undefined;
    },
    note(event) {
      if (event.stage === 'denoise') last.set(event.image, event);
      if (event.stage === 'image') last.delete(event.image);
    },
    stop() {
      if (painting && last.size > 0) stopped = { painting, events: [...last.values()] };
      painting = undefined;
      last.clear();
    },
    async keep(tell, signal) {
      const of = stopped;
      stopped = undefined;
      if (!of) return;
      const { model, request, first, initImage } = of.painting;
      for (const { image, pass, step, steps, estimate, isTiled } of of.events) {
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

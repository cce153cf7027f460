import { modelLabel } from '../../catalog/models.ts';
import type { ComponentName } from '../../protocol/calls.ts';
import type { Generation } from '../../state/generation.ts';

const COMPONENTS: Readonly<Record<ComponentName, string>> = {
  tokenizer: 'tokenizer',
  text_encoder: 'text encoder',
  text_encoder_2: 'second text encoder',
  unet: 'U-Net',
  vae: 'VAE',
  scheduler: 'scheduler',
};

/** A span of time for a person: “4 s”, “2 min 5 s”. */
export function secondsText(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Where the job stands: words, and the part done from 0 to 1, or null where that cannot be told. */
export function progressText({ phase, progress, request }: Generation): {
  text: string;
  done: number | null;
} {
  if (phase === 'stopping') return { text: 'Stopping after this step…', done: null };
  if (!progress || !request) return { text: 'Starting…', done: null };
  const ofImages = (image: number) =>
    request.numImages > 1 ? `Picture ${image + 1} of ${request.numImages}: ` : '';
  const label = modelLabel(request.model);

  switch (progress.stage) {
    case 'download': {
      const { loadedBytes, totalBytes } = progress;
      const text = `Loading ${label}… ${megabytes(loadedBytes)} of ${megabytes(totalBytes)} MB`;
      return { text, done: totalBytes > 0 ? loadedBytes / totalBytes : null };
    }
    case 'load':
      return {
        text: `Preparing ${label}: ${COMPONENTS[progress.component]}…${percent(progress.part)}`,
        done: null,
      };
    case 'plan':
    case 'substitute':
    case 'encode':
      return { text: 'Reading the prompt…', done: null };
    case 'denoise': {
      const { image, step, steps, secondsLeft } = progress;
      const left = secondsLeft > 0 ? ` · ${Math.ceil(secondsLeft)} s left` : '';
      return {
        text: `${ofImages(image)}step ${step} of ${steps}${left}`,
        done: (image + step / steps) / request.numImages,
      };
    }
    case 'frame':
      return {
        text: `${ofImages(progress.image)}step ${progress.step} of ${request.numInferenceSteps} · filmstrip`,
        done: (progress.image + progress.step / request.numInferenceSteps) / request.numImages,
      };
    case 'decode':
      return { text: `${ofImages(progress.image)}decoding…`, done: (progress.image + 1) / request.numImages };
    case 'image':
      return { text: `${ofImages(progress.image)}done`, done: (progress.image + 1) / request.numImages };
  }
}

/** What a screen reader is told: the start, each quarter, the end. The same words until there is news. */
export function announcement(generation: Generation): string {
  const { phase, progress, run, request } = generation;
  if (phase === 'idle' || phase === 'failed') return '';
  if (phase === 'stopping') return 'Stopping.';
  if (phase === 'done') {
    if (run?.result && run.request === request)
      return `Done in ${secondsText(run.result.seconds)}. Seed ${run.pictures[0]?.seed}.`;
    return 'Stopped.';
  }
  if (!progress || progress.stage === 'download' || progress.stage === 'load') return 'Generating.';
  const quarters = Math.floor((progressText(generation).done ?? 0) * 4);
  if (quarters === 4) return 'Finishing.';
  return quarters === 0 ? 'Generating.' : `${quarters * 25} percent.`;
}

const percent = (part: number | null) => (part === null ? '' : ` ${Math.floor(part * 100)} %`);
const megabytes = (bytes: number) => Math.round(bytes / 1e6);

import { modelLabel } from '../../catalog/models.ts';
import type { ComponentName, GenerationRequest, PassNumber } from '../../protocol/calls.ts';
import { growthOf } from '../../protocol/hires.ts';
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
  const ofImages = (image: number, pass: PassNumber = 1) => {
    const place = request.numImages > 1 ? `Picture ${image + 1} of ${request.numImages}` : '';
    const words = [place, pass === 2 ? 'enlarged' : ''].filter((word) => word !== '').join(', ');
    return words === '' ? '' : `${words.charAt(0).toUpperCase()}${words.slice(1)}: `;
  };
  const last = request.hires ? 2 : 1;
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
      const { image, pass, step, steps, secondsLeft } = progress;
      const left = secondsLeft > 0 ? ` · ${Math.ceil(secondsLeft)} s left` : '';
      return {
        text: `${ofImages(image, pass)}step ${step} of ${steps}${left}`,
        done: partDone(request, pass, image + step / steps),
      };
    }
    case 'frame': {
      const { image, pass, step } = progress;
      const steps = stepsOf(request, pass);
      return {
        text: `${ofImages(image, pass)}step ${step} of ${steps} · filmstrip`,
        done: partDone(request, pass, image + step / steps),
      };
    }
    case 'enlarge':
      return { text: `${ofImages(progress.image)}enlarging…`, done: partDone(request, 2, 0) };
    case 'decode':
      return {
        text: `${ofImages(progress.image)}decoding…`,
        done: partDone(request, last, progress.image + 1),
      };
    case 'image':
      return { text: `${ofImages(progress.image)}done`, done: partDone(request, last, progress.image + 1) };
  }
}

/** Steps of a pass. */
export function stepsOf({ numInferenceSteps, hires }: GenerationRequest, pass: PassNumber): number {
  return pass === 2 && hires ? hires.steps : numInferenceSteps;
}

/** The part of a run that is done, 0 … 1, once `images` are in this pass; a step of the second costs by its pixels. */
function partDone(request: GenerationRequest, pass: PassNumber, images: number): number {
  const { numImages, numInferenceSteps, hires } = request;
  const second = hires ? (hires.steps * growthOf(request, hires.scale)) / numInferenceSteps : 0;
  const done = pass === 1 ? images : numImages + images * second;
  return done / (numImages * (1 + second));
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

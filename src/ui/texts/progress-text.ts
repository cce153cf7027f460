import { modelLabel } from '../../catalog/models.ts';
import type { LoadedComponent, PassNumber } from '../../protocol/generation.ts';
import type { Generation } from '../../state/jobs/generation-store.ts';
import { progressOf, stepsOf } from '../../state/jobs/progress.ts';
import { durationText } from './bytes-text.ts';
import type { Texts } from './en.ts';

type Words = Texts['progress'];

/** A span of time: “4.2 s”, “2 min 5 s”. */
export function secondsText(texts: Words, seconds: number): string {
  if (seconds < 9.95) return texts.seconds(seconds, 1);
  const whole = Math.round(seconds);
  return whole < 60 ? texts.seconds(whole, 0) : texts.minutes(Math.floor(whole / 60), whole % 60);
}

/** What the running job is doing. */
export function progressText(
  texts: Words,
  { phase, progress, request }: Pick<Generation, 'phase' | 'progress' | 'request'>,
): string {
  const isBegun = progress?.stage === 'denoise' || progress?.stage === 'frame';
  if (phase === 'stopping') return isBegun ? texts.stopping : texts.stoppingNow;
  if (!progress || !request) return texts.starting;
  const ofPicture = (doing: string, image: number, pass: PassNumber = 1) => {
    const picture = request.numImages > 1 ? { place: image + 1, total: request.numImages } : null;
    return texts.ofPicture(doing, picture, pass === 2);
  };
  const label = modelLabel(request.model);

  switch (progress.stage) {
    case 'device':
      return texts.starting;
    case 'download':
      return texts.loading(label, megabytes(progress.loadedBytes), megabytes(progress.totalBytes));
    case 'load': {
      const component = componentText(texts, progress.component);
      return progress.fraction === null
        ? texts.preparing(label, component)
        : texts.preparingPercent(label, component, Math.floor(progress.fraction * 100));
    }
    case 'tags':
    case 'plan':
    case 'substitute':
    case 'loras':
    case 'encode':
      return texts.reading;
    case 'denoise': {
      const { image, pass, step, steps, secondsLeft } = progress;
      const left = secondsLeft > 0 ? ` · ${texts.left(durationText(Math.ceil(secondsLeft)))}` : '';
      return ofPicture(`${texts.step(step, steps)}${left}`, image, pass);
    }
    case 'frame': {
      const { image, pass, step } = progress;
      return ofPicture(`${texts.step(step, stepsOf(request, pass))} · ${texts.filmstrip}`, image, pass);
    }
    case 'hires':
      return ofPicture(texts.enlarging, progress.image);
    case 'decode':
      return ofPicture(texts.decoding, progress.image);
    case 'image':
      return ofPicture(texts.done, progress.image);
  }
}

/** What a screen reader is told: the start, each quarter, the end. The text stays the same until there is news. */
export function announcement(texts: Words, generation: Generation): string {
  const { phase, progress, run, request } = generation;
  const { news } = texts;
  if (phase === 'idle' || phase === 'failed') return '';
  if (phase === 'stopping') return news.stopping;
  if (phase === 'done') {
    const { seconds = null } = run?.result ?? {};
    if (run && seconds !== null && run.request === request)
      return news.done(secondsText(texts, seconds), run.pictures[0]?.seed);
    return news.stopped;
  }
  if (!progress || progress.stage === 'download' || progress.stage === 'load') return news.generating;
  const quarters = Math.floor((progressOf(generation) ?? 0) * 4);
  if (quarters === 4) return news.finishing;
  return quarters === 0 ? news.generating : news.percent(quarters * 25);
}

function componentText({ components, textEncoder }: Words, { kind, number }: LoadedComponent): string {
  return kind === 'textEncoder' ? textEncoder(number) : components[kind];
}

const megabytes = (bytes: number) => Math.round(bytes / 1e6);

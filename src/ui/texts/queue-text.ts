import type { GenerationRequest } from '../../protocol/generation.ts';
import type { Generation } from '../../state/jobs/generation-store.ts';
import { progressOf } from '../../state/jobs/progress.ts';
import { mayRun, type Queue } from '../../state/jobs/queue-store.ts';
import type { Screen } from '../../state/page/screen-store.ts';
import { durationText } from './bytes-text.ts';
import type { Texts } from './en.ts';

type Words = Texts['queue'];
type Lists = Pick<Queue, 'running' | 'waiting' | 'failed'>;

/** The queue in a line: “2 waiting · about 40 s left · 1 failed”. `seconds` is null where the time is unknown. */
export function lineText(texts: Words, { running, waiting, failed }: Lists, seconds: number | null): string {
  const ready = waiting.filter(mayRun).length;
  const held = waiting.length - ready;
  const parts = [
    ready > 0 && texts.waiting(ready),
    ready > 0 && seconds !== null && texts.left(durationText(seconds)),
    held > 0 && texts.held(held),
    failed.length > 0 && texts.failed(failed.length),
  ].filter((part) => part !== false);
  if (parts.length > 0) return parts.join(' · ');
  return running ? texts.noneWaiting : texts.empty;
}

/** The settings of a job: “512 × 512 · 20 steps · seed 5 · 4 pictures · 2 control layers”. */
export function jobFacts(texts: Words, request: GenerationRequest): string {
  const { width, height, numInferenceSteps, seed, numImages, controls, picturePrompts } = request;
  const parts = [`${width} × ${height}`, texts.steps(numInferenceSteps), texts.seed(seed)];
  if (numImages > 1) parts.push(texts.pictures(numImages));
  if (controls.length > 0) parts.push(texts.layers(controls.length));
  if (picturePrompts.length > 0) parts.push(texts.picturePrompts(picturePrompts.length));
  return parts.join(' · ');
}

/** A short name of a job, from its prompt. */
export function jobName(texts: Words, { prompt, seed }: GenerationRequest): string {
  const words = prompt.trim().replace(/\s+/g, ' ');
  if (words === '') return texts.ofSeed(seed);
  return words.length > 60 ? `${words.slice(0, 59)}…` : words;
}

/** How much of the running job is done, in percent; null where that is unknown. */
export function percentDone(generation: Generation): number | null {
  const done = progressOf(generation);
  return done === null ? null : Math.floor(100 * done);
}

/** What a screen reader is told about the queue. The text stays the same until there is news. */
export function queueNews(
  texts: Words,
  { waiting, failed, movedTo }: Pick<Queue, 'waiting' | 'failed' | 'movedTo'>,
): string {
  const parts = [
    movedTo !== null && texts.moved(movedTo + 1, waiting.length),
    movedTo === null && waiting.length > 0 && `${texts.waiting(waiting.length)}.`,
    failed.length > 0 && `${texts.failed(failed.length)}.`,
  ];
  return parts.filter((part) => part !== false).join(' ');
}

/** The title of the page where there is nothing to tell: “Gallery · Safelight”; Create is the page itself. */
export const screenTitle = (screens: Texts['app']['screens'], screen: Screen) =>
  screen === 'create' ? 'Safelight' : `${screens[screen]} · Safelight`;

/** The progress and in the end the result, for the title of the page; null without either. */
export function titleText(
  texts: Words,
  generation: Generation,
  { running }: Pick<Queue, 'running'>,
): string | null {
  if (running) {
    const percent = percentDone(generation);
    return `${percent === null ? texts.painting(null) : texts.percent(percent)} · Safelight`;
  }
  if (generation.phase === 'failed') return `${texts.title.failed} · Safelight`;
  return generation.phase === 'done' && generation.run?.result ? `${texts.title.done} · Safelight` : null;
}

/** The text of the notification at the end of the queue. */
export function doneText(
  texts: Words,
  { phase }: Pick<Generation, 'phase'>,
  { ended, failed }: Pick<Queue, 'ended' | 'failed'>,
): string {
  const faults = Math.max(failed.length, phase === 'failed' ? 1 : 0);
  return faults > 0 ? texts.jobsFailed(faults) : texts.jobsDone(ended);
}

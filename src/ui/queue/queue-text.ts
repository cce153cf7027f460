import type { GenerationRequest } from '../../protocol/calls.ts';
import type { Generation } from '../../state/generation.ts';
import { isReady, type Queue } from '../../state/queue.ts';
import { progressText } from '../create/progress-text.ts';
import { durationText } from '../models/bytes-text.ts';

type Lists = Pick<Queue, 'running' | 'waiting' | 'failed'>;

/** The queue in a line: “2 waiting · about 40 s left · 1 failed”. `seconds` is null where it cannot be told. */
export function lineText({ running, waiting, failed }: Lists, seconds: number | null): string {
  const ready = waiting.filter(isReady).length;
  const held = waiting.length - ready;
  const parts = [
    ready > 0 && `${ready} waiting`,
    ready > 0 && seconds !== null && `about ${durationText(seconds)} left`,
    held > 0 && `${held} from your last visit`,
    failed.length > 0 && `${failed.length} failed`,
  ].filter((part) => part !== false);
  if (parts.length > 0) return parts.join(' · ');
  return running ? 'None waiting' : 'The queue is empty';
}

/** What a job is, beside its prompt: “512 × 512 · 20 steps · seed 5 · 4 pictures”. */
export function jobFacts({ width, height, numInferenceSteps, seed, numImages }: GenerationRequest): string {
  const steps = `${numInferenceSteps} ${numInferenceSteps === 1 ? 'step' : 'steps'}`;
  const pictures = numImages > 1 ? ` · ${numImages} pictures` : '';
  return `${width} × ${height} · ${steps} · seed ${seed}${pictures}`;
}

/** What to call a job where there is room for a few words. */
export function jobName({ prompt, seed }: GenerationRequest): string {
  const words = prompt.trim().replace(/\s+/g, ' ');
  if (words === '') return `the picture of seed ${seed}`;
  return words.length > 60 ? `${words.slice(0, 59)}…` : words;
}

/** How far the running job is, in percent; null where that cannot be told. */
export function percentDone(generation: Generation): number | null {
  const { done } = progressText(generation);
  return done === null ? null : Math.floor(100 * done);
}

/** What a screen reader is told of the queue; the same words until there is news. */
export function queueNews({ waiting, failed, movedTo }: Lists & Pick<Queue, 'movedTo'>): string {
  const parts = [
    movedTo !== null && `Moved to place ${movedTo + 1} of ${waiting.length}.`,
    movedTo === null && waiting.length > 0 && `${waiting.length} waiting.`,
    failed.length > 0 && `${failed.length} failed.`,
  ];
  return parts.filter((part) => part !== false).join(' ');
}

/** The page's title: how far it is, and at the end how it went. */
export function titleText(generation: Generation, { running }: Pick<Queue, 'running'>): string {
  if (running) {
    const percent = percentDone(generation);
    return `${percent === null ? 'Painting' : `${percent} %`} · Safelight`;
  }
  if (generation.phase === 'failed') return 'Failed · Safelight';
  return generation.phase === 'done' && generation.run?.result ? 'Done · Safelight' : 'Safelight';
}

/** What a notification says when the queue stands still. */
export function doneText(
  { phase }: Pick<Generation, 'phase'>,
  { ended, failed }: Pick<Queue, 'ended' | 'failed'>,
): string {
  const faults = Math.max(failed.length, phase === 'failed' ? 1 : 0);
  if (faults > 0) return faults === 1 ? 'One job failed.' : `${faults} jobs failed.`;
  return ended === 1 ? 'Your picture is done.' : `All ${ended} jobs are done.`;
}

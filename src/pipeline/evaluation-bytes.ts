import type { MemoryNeeds } from '../loaders/memory-estimate.ts';
import type { EvaluationBytes } from '../loaders/memory-plan.ts';
import type { Evaluation } from './evaluations.ts';

type Needs = Pick<MemoryNeeds, 'denoiser' | 'attentions'>;

/** What a run's evaluations take beside the weights. */
export const evaluationBytes = (
  needs: Needs,
  evaluations: readonly Evaluation[],
  ownKernels: boolean,
): EvaluationBytes => ({
  together: bytesOf(needs, evaluations, true, ownKernels),
  inTurn: bytesOf(needs, evaluations, false, ownKernels),
});

/**
 * Kernels of our own have a program for each way of evaluating, side by side (`openBeside`); onnxruntime has one session, and
 * another one for DeepCache's last layers.
 */
function bytesOf(
  { denoiser, attentions }: Needs,
  evaluations: readonly Evaluation[],
  inOneRun: boolean,
  ownKernels: boolean,
): number {
  const ways = new Map<string, { readonly bytes: number; readonly part: string | undefined }>();
  for (const { texts, reuse } of evaluations) {
    const rows = texts === 'both' && inOneRun ? 2 : 1;
    ways.set(`${rows} ${reuse?.part}`, { bytes: rows * denoiser, part: reuse?.part });
  }
  const all = [...ways.values()];
  const largest = Math.max(...all.map(({ bytes }) => bytes));
  const beside = all.filter(({ part }) => ownKernels || part === 'shallow');
  const sum = beside.reduce((bytes, way) => bytes + way.bytes, ownKernels ? 0 : largest);
  const isGated = evaluations.some(({ reuse }) => reuse?.method === 'tgate');
  const isGuided = evaluations.some(({ texts }) => texts === 'both');
  const isAlone = evaluations.some(({ texts, reuse }) => texts === 'prompt' && reuse?.part === 'store');
  // Of attention among the pixels both halves are kept; of that to the text their mean, or both where they go in turn.
  const ofGuided = isGuided ? (inOneRun ? 3 : 4) : 0;
  // Where nothing is guided the prompt's own, but for what it shares with the mean.
  const ofAlone = isAlone ? (isGuided && inOneRun ? 1 : 2) : 0;
  return sum + (isGated ? (ofGuided + ofAlone) * attentions : 0);
}

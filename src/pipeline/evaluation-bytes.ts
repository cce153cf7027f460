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
  // Of attention among the pixels both halves are kept; of that to the text their mean, or both where they go in turn.
  const kept = isGuided ? (inOneRun ? 3 : 4) : 2;
  return sum + (isGated ? kept * attentions : 0);
}

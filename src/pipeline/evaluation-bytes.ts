import type { MemoryNeeds } from '../loaders/memory-estimate.ts';
import type { EvaluationBytes } from '../loaders/memory-plan.ts';

/**
 * What a run's evaluations take beside the weights.
 * @param guided of each evaluation, whether it is of two texts
 */
export function evaluationBytes(
  { denoiser }: Pick<MemoryNeeds, 'denoiser'>,
  guided: readonly boolean[],
  ownKernels: boolean,
): EvaluationBytes {
  // What is not guided has a program of its own beside the one for both texts (`openBeside`).
  const beside = ownKernels && guided.includes(false) ? 1 : 0;
  return { together: denoiser * (guided.includes(true) ? 2 + beside : 1), inTurn: denoiser };
}

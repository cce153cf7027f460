import type { Evaluated, Reuse } from '../loaders/family.ts';
import type { SettingValues } from '../protocol/settings.ts';

/** Less work for the same weights: settings of the packages DeepCache and tgate. */
export type ReuseSettings = Pick<SettingValues, 'cacheInterval' | 'cacheBranchId' | 'gateStep'>;

/** One evaluation of the denoiser: which texts it is of, and how it takes over what others have computed. */
export interface Evaluation {
  readonly texts: 'both' | 'prompt' | 'negative';
  readonly reuse?: Reuse;
}

// tgate 1.0.0's defaults: up to WARM_UP nothing is taken over, then self-attention but for every SELF_INTERVAL-th evaluation.
const WARM_UP = 2;
const SELF_INTERVAL = 5;

/**
 * Plans the evaluations of a run. They are counted, not looked up by their timesteps, which some samplers repeat.
 * @param guided of each evaluation, whether both texts count
 * @param uncounted how many at the beginning tgate leaves out (`num_warmup_steps`): PNDM's first one
 */
export function planEvaluations(
  guided: readonly boolean[],
  { cacheInterval, cacheBranchId, gateStep }: ReuseSettings,
  uncounted: number,
): Evaluation[] {
  const plain = guided.map((isGuided): Evaluation => ({ texts: isGuided ? 'both' : 'prompt' }));
  if (cacheInterval > 1) return withDeepCache(plain, cacheInterval, cacheBranchId);
  return gateStep > 0 ? withTgate(plain, gateStep, uncounted) : plain;
}

/** Every `interval`-th evaluation is whole, and each whose texts are not those of the one before. */
function withDeepCache(plain: readonly Evaluation[], interval: number, branch: number): Evaluation[] {
  return plain.map(({ texts }, i) => {
    const isWhole = i % interval === 0 || plain[i - 1]?.texts !== texts;
    return { texts, reuse: { method: 'deepcache', branch, part: isWhole ? 'whole' : 'shallow' } };
  });
}

/**
 * tgate_scheduler of tgate_utils.py. From the gate on one text is evaluated, the negative one where there was guidance: by then
 * it counts only where the model takes the text other than by attention (SDXL).
 */
function withTgate(plain: readonly Evaluation[], gate: number, uncounted: number): Evaluation[] {
  const last = plain[Math.min(plain.length - 1, gate - 1 + uncounted)]?.texts;
  return plain.map(({ texts }, i): Evaluation => {
    const step = i - uncounted;
    if (step >= gate)
      return { texts: last === 'both' ? 'negative' : 'prompt', reuse: { method: 'tgate', part: 'cross' } };
    const isStored = step <= WARM_UP || step % SELF_INTERVAL === 0 || step === gate - 1;
    const isOther = plain[i - 1]?.texts !== texts;
    return { texts, reuse: { method: 'tgate', part: isStored || isOther ? 'store' : 'self' } };
  });
}

/**
 * The ways in which these evaluations are run, each once, in the order they are first needed.
 * @param together whether both texts go through in one run
 */
export function waysOf(evaluations: readonly Evaluation[], together: boolean): Evaluated[] {
  const ways = evaluations.flatMap(({ texts, reuse }): Evaluated[] => {
    return reuse ? [{ texts: texts === 'both' && together ? 2 : 1, reuse }] : [];
  });
  return [...new Map(ways.map((way) => [JSON.stringify(way), way])).values()];
}

/** The same where the halves of guidance are evaluated one after the other: each keeps its own, and the mean is taken later. */
export function inTurnOf(evaluations: readonly Evaluation[]): Evaluation[] {
  return evaluations.map((evaluation): Evaluation => {
    if (evaluation.texts !== 'negative') return evaluation;
    return { ...evaluation, reuse: { method: 'tgate', part: 'cross-halves' } };
  });
}

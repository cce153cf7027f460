import { USUAL_MEMORY_BYTES } from '../catalog/models.ts';
import type { GraphTarget } from '../graph/graph.ts';
import type { MemoryChoice, MemoryPlan } from '../protocol/device.ts';
import { LOADING_FACTOR, type MemoryNeeds } from './memory-estimate.ts';

/** A larger map is not worth its memory, even where the GPU binds it. */
const LARGEST_MAP_BYTES = 1e9;

/** Both texts of guidance in one run, or one after the other; without guidance the two are the same. */
export interface EvaluationBytes {
  readonly together: number;
  readonly inTurn: number;
}

/** What a memory plan depends on beside the model’s needs. */
export interface MemoryRequest {
  readonly target: GraphTarget;
  /** The largest tensor that the device takes, in bytes. */
  readonly largestTensor: number;
  /** What evaluations take beside the weights, in bytes. */
  readonly evaluations: EvaluationBytes;
  /** What the person chose to keep loaded. */
  readonly choice: MemoryChoice;
  /** What this device is known to hold, or to have run out of, in bytes; null when nothing is known. */
  readonly deviceBytes: number | null;
}

/** What of a run's needs is the same however its texts are evaluated. */
export type PlannedNeeds = Pick<MemoryNeeds, 'weights' | 'vae'>;

/** One way to run: what is loaded, evaluated and decoded at once. */
type Way = Pick<MemoryPlan, 'residency' | 'guidance' | 'vae'>;

/**
 * Decides how a run fits into memory: by the first of these ways that fits, or else by the one that takes least. All components
 * stay loaded, or one at a time; both texts of guidance go through in one run, or one after the other; the picture is decoded
 * whole, or in tiles.
 */
export function planMemory(needs: PlannedNeeds, request: MemoryRequest): MemoryPlan {
  const { target, evaluations, choice, deviceBytes } = request;
  const budget = deviceBytes ?? USUAL_MEMORY_BYTES[target.provider];
  const isGuided = evaluations.inTurn < evaluations.together;
  const { whole, largestMap } = needs.vae;
  const canBeWhole = whole <= budget / 2 && largestMap <= Math.min(LARGEST_MAP_BYTES, request.largestTensor);
  const ways: readonly Way[] = (choice === 'auto' ? (['all', 'one-by-one'] as const) : [choice]).flatMap(
    (residency) =>
      (isGuided ? (['together', 'in-turn'] as const) : (['together'] as const)).flatMap((guidance) =>
        (canBeWhole ? (['whole', 'tiled'] as const) : (['tiled'] as const)).map((vae) => {
          return { residency, guidance, vae };
        }),
      ),
  );
  const counted = ways.map((way) => ({ ...way, bytes: peakBytes(needs, request, way) }));
  const least = counted.reduce((a, b) => (b.bytes < a.bytes ? b : a));
  const plan = counted.find(({ bytes }) => bytes <= budget) ?? least;
  return { dtype: target.dtype, ...plan, fits: plan.bytes <= budget, hasLess: plan.bytes > least.bytes };
}

/** The most that a run takes at any one time, in bytes. */
function peakBytes(
  { weights, vae: { weights: vaeWeights, whole, tile } }: PlannedNeeds,
  { target, evaluations }: MemoryRequest,
  { residency, guidance, vae }: Way,
): number {
  const denoise = guidance === 'together' ? evaluations.together : evaluations.inTurn;
  const decode = vae === 'whole' ? whole : tile;
  const all = Object.values(weights).reduce((sum, bytes) => sum + bytes, 0);
  const largest = Math.max(0, ...Object.values(weights));
  if (target.ownKernels)
    return residency === 'all'
      ? // An open session keeps its buffers.
        all + denoise + decode
      : Math.max(largest + denoise, vaeWeights + decode);
  const loaded = residency === 'all' ? all + largest * (LOADING_FACTOR - 1) : largest * LOADING_FACTOR;
  return loaded + Math.max(denoise, decode);
}

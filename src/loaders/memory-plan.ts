import { USUAL_MEMORY_BYTES } from '../catalog/models.ts';
import type { GraphTarget } from '../graph/graph.ts';
import { LOADING_FACTOR, type MemoryNeeds } from '../loaders/memory-estimate.ts';
import type { MemoryChoice, MemoryPlan } from '../protocol/device.ts';

/** Feature maps of the VAE's decoder that exist at once. */
const VAE_LIVE_MAPS = 4;
/** A larger map is not worth its memory, even where the GPU binds it. */
const LARGEST_MAP_BYTES = 1e9;

/** What a memory plan depends on beside the model’s needs. */
export interface MemoryRequest {
  readonly target: GraphTarget;
  /** The largest tensor that the device takes, in bytes. */
  readonly largestTensor: number;
  /** Of each evaluation, whether it is of two texts. */
  readonly guided: readonly boolean[];
  /** What the person chose to keep loaded. */
  readonly choice: MemoryChoice;
  /** What this device is known to hold, or to have run out of, in bytes; null when nothing is known. */
  readonly deviceBytes: number | null;
}

/**
 * Decides how a run fits into memory: all components stay loaded if that fits, otherwise one at a time; both texts of
 * guidance go through in one run if that fits, otherwise one after the other; the picture is decoded whole if that fits,
 * otherwise in tiles.
 */
export function planMemory(
  { weights, denoiser, vaeLargestMap }: MemoryNeeds,
  { target, largestTensor, guided, choice, deviceBytes }: MemoryRequest,
): MemoryPlan {
  const budget = deviceBytes ?? USUAL_MEMORY_BYTES[target.provider];
  const all = Object.values(weights).reduce((sum, bytes) => sum + bytes, 0);
  const largest = Math.max(0, ...Object.values(weights));
  const vae = VAE_LIVE_MAPS * vaeLargestMap;

  const isGuided = guided.includes(true);
  // What is not guided has a program of its own beside the one for both texts (`openBeside`).
  const beside = target.ownKernels && guided.includes(false) ? 1 : 0;
  const together = isGuided ? (2 + beside) * denoiser : denoiser;

  const allLoaded = all + largest * (LOADING_FACTOR - 1);
  const fitsAll = allLoaded + Math.max(together, vae) <= budget;
  const residency = choice === 'auto' ? (fitsAll ? 'all' : 'one-by-one') : choice;
  const loaded = residency === 'all' ? allLoaded : largest * LOADING_FACTOR;
  const isTogether = !isGuided || loaded + together <= budget;
  const isWhole = vae <= budget / 2 && vaeLargestMap <= Math.min(LARGEST_MAP_BYTES, largestTensor);
  const peak = loaded + Math.max(isTogether ? together : denoiser, isWhole ? vae : 0);
  return {
    dtype: target.dtype,
    residency,
    guidance: isTogether ? 'together' : 'in-turn',
    vae: isWhole ? 'whole' : 'tiled',
    bytes: peak,
    fits: peak <= budget,
  };
}

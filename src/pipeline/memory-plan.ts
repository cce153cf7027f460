import { USUAL_MEMORY_BYTES } from '../catalog/models.ts';
import type { GraphTarget } from '../graph/graph.ts';
import { LOADING_FACTOR, type MemoryNeeds } from '../loaders/memory-estimate.ts';
import type { MemoryChoice, MemoryPlan } from '../protocol/device.ts';
import type { Evaluation } from './evaluations.ts';

/** Feature maps of the VAE's decoder that exist at once. */
const VAE_LIVE_MAPS = 4;
/** A larger map is not worth its memory, even where the GPU binds it. */
const LARGEST_MAP_BYTES = 1e9;

/** What a memory plan depends on beside the model’s needs. */
export interface MemoryRequest {
  readonly target: GraphTarget;
  /** The largest tensor that the device takes, in bytes. */
  readonly largestTensor: number;
  readonly evaluations: readonly Evaluation[];
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
  needs: MemoryNeeds,
  { target, largestTensor, evaluations, choice, deviceBytes }: MemoryRequest,
): MemoryPlan {
  const { weights, vaeLargestMap } = needs;
  const budget = deviceBytes ?? USUAL_MEMORY_BYTES[target.provider];
  const all = Object.values(weights).reduce((sum, bytes) => sum + bytes, 0);
  const largest = Math.max(0, ...Object.values(weights));
  const vae = VAE_LIVE_MAPS * vaeLargestMap;

  const isGuided = evaluations.some(({ texts }) => texts === 'both');
  const bytesOf = (inOneRun: boolean) =>
    evaluationBytes(needs, evaluations, inOneRun, target.ownKernels === true);
  const [together, inTurn] = [bytesOf(true), bytesOf(false)];

  const allLoaded = all + largest * (LOADING_FACTOR - 1);
  const fitsAll = allLoaded + Math.max(together, vae) <= budget;
  const residency = choice === 'auto' ? (fitsAll ? 'all' : 'one-by-one') : choice;
  const loaded = residency === 'all' ? allLoaded : largest * LOADING_FACTOR;
  const isTogether = !isGuided || loaded + together <= budget;
  const isWhole = vae <= budget / 2 && vaeLargestMap <= Math.min(LARGEST_MAP_BYTES, largestTensor);
  const peak = loaded + Math.max(isTogether ? together : inTurn, isWhole ? vae : 0);
  return {
    dtype: target.dtype,
    residency,
    guidance: isTogether ? 'together' : 'in-turn',
    vae: isWhole ? 'whole' : 'tiled',
    bytes: peak,
    fits: peak <= budget,
  };
}

/**
 * What evaluations take beside the weights. Kernels of our own have a program for each way of evaluating, side by side
 * (`openBeside`); onnxruntime has one session, and another one for DeepCache's last layers.
 */
function evaluationBytes(
  { denoiser, attentions }: MemoryNeeds,
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

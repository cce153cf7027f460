import type { MemoryPlan, UsedDevice } from '../../protocol/device.ts';
import type { GenerationRequest, QuantizedBits } from '../../protocol/generation.ts';

/** What a run that is begun again takes less of. */
export type LessMemory = Pick<GenerationRequest, 'memoryBytes' | 'bits'>;

/** A run that ran out of memory. */
export interface Shortage {
  readonly request: GenerationRequest;
  readonly plan: MemoryPlan;
  readonly device: UsedDevice | null;
}

/** Called when a run has run out of memory: gives what it is begun again with, undefined where nothing takes less. */
export type OnShortage = (shortage: Shortage) => LessMemory | undefined;

/** Copies from the largest to the smallest; the original weights are before the first. */
const SMALLER: readonly QuantizedBits[] = [8, 4];

/**
 * How a run that ran out of memory is begun again: with the same weights as long as a plan takes less, in tiles, the texts one
 * after the other, one component at a time; then with a copy of fewer bits.
 * @param plan the one that was too much
 * @param heldBytes what is to be planned with now
 * @param copies the bits of the copies that are on this device
 * @returns undefined where nothing takes less
 */
export function stepDown(
  plan: Pick<MemoryPlan, 'hasLess'>,
  heldBytes: number,
  bits: QuantizedBits | null,
  copies: readonly QuantizedBits[],
): LessMemory | undefined {
  if (plan.hasLess) return { memoryBytes: heldBytes, bits };
  const smaller = smallerCopy(bits, copies);
  return smaller && { memoryBytes: heldBytes, bits: smaller };
}

/** The largest copy that is smaller than the weights with so many bits. */
const smallerCopy = (bits: QuantizedBits | null, copies: readonly QuantizedBits[]) =>
  SMALLER.find((one) => copies.includes(one) && one < (bits ?? 16));

/** The bits that a kind of run went on with before, where its copy is still here and fewer than are asked for now. */
export function rememberedBits(
  asked: QuantizedBits | null,
  held: QuantizedBits | null,
  copies: readonly QuantizedBits[],
): QuantizedBits | null {
  return held !== null && copies.includes(held) && held < (asked ?? 16) ? held : asked;
}

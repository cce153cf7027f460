import { defaultsOf } from '../../protocol/settings.ts';

/** What a picture was made with if its tool has such a setting and says nothing of it. */
export const UNSAID = {
  hires: null,
  ...defaultsOf(['clipSkip', 'eta', 'guidanceRescale', 'guidanceStart', 'guidanceEnd']),
  ...defaultsOf(['cacheInterval', 'cacheBranchId', 'gateStep']),
};

/** The number that a text is, or else the text, which `acceptSettings` will then refuse. */
export function numberOrText(text: string | undefined): number | string | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  // A whole number beyond 2^53 would be another one.
  const isExact = Number.isSafeInteger(value) || !/^\s*\d+\s*$/.test(text);
  return text.trim() === '' || Number.isNaN(value) || !isExact ? text : value;
}

/** A value of somebody's JSON as a number, where it is one or is the text of one. */
export const numberOf = (value: unknown): unknown =>
  typeof value === 'string' ? numberOrText(value) : (value ?? undefined);

/** The weight of a LoRA in somebody's JSON: 1 if none is given, NaN for anything but a number. */
export function weightOf(value: unknown): number {
  if (value === undefined || value === null) return 1;
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
}

/** torch's generator on a CPU uses the lower 32 bits of a seed. */
export function torchSeed(seed: unknown): unknown {
  if (typeof seed !== 'number' && typeof seed !== 'string') return seed ?? undefined;
  const text = String(seed);
  return /^\d{1,20}$/.test(text) ? Number(BigInt(text) & 0xffff_ffffn) : seed;
}

/** `clipSkip` where a tool says with which layer it ends, from the last, 1 or −1; undefined as it is. */
export const skipOfLayer = (layer: unknown): unknown =>
  typeof layer === 'number' ? Math.max(0, Math.abs(layer) - 1) : layer;

import type { Hires, Upscaler } from '../../protocol/hires.ts';
import type { Fields } from './fields.ts';

/** Whether the picture is gone over again larger, and how it is enlarged for that. */
export type HiresChoice = 'off' | Upscaler;

export const HIRES_CHOICES = ['off', 'latent', 'image'] as const satisfies readonly HiresChoice[];

/** What the form says of the second pass; steps of 0 are as many as the first has. */
export function toHires({ hires, hiresScale, hiresStrength, hiresSteps, steps }: Fields): Hires | null {
  if (hires === 'off') return null;
  return {
    scale: Number(hiresScale),
    upscaler: hires,
    strength: Number(hiresStrength),
    steps: Number(Number(hiresSteps) === 0 ? steps : hiresSteps),
  };
}

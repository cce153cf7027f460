import type { MaskedContent } from '../../protocol/init-image.ts';

/** What is under the mask when painting begins. */
export const MASKED_CONTENTS = ['original', 'fill', 'noise'] as const satisfies readonly MaskedContent[];

/** How much is painted at the size asked for: all of it, or what is marked with so many of the file's pixels around it. */
export const INPAINT_AREAS = ['whole', '32', '64', '128', '256'] as const;
export type InpaintArea = (typeof INPAINT_AREAS)[number];

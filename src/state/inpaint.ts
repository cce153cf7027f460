import type { MaskedContent } from '../protocol/calls.ts';

/** All of the picture, or what is marked with so many of the file's pixels around it. */
export type InpaintArea = 'whole' | '32' | '64' | '128' | '256';

/** What is under the mask when painting begins, as the form words it; A1111's words first. */
export const MASKED_CONTENTS: Readonly<Record<MaskedContent, string>> = {
  original: 'Original',
  fill: 'Fill: the colours around',
  noise: 'Latent noise: something new',
};

/** How much is painted at the size asked for, as the form words it. */
export const INPAINT_AREAS: Readonly<Record<InpaintArea, string>> = {
  whole: 'Whole picture',
  '32': 'Only what is marked, 32 pixels around',
  '64': 'Only what is marked, 64 pixels around',
  '128': 'Only what is marked, 128 pixels around',
  '256': 'Only what is marked, 256 pixels around',
};

import type { Rect } from './placement.ts';

/** A point of a picture, as fractions of its width and height, on the thing that is looked for or beside it. */
export interface PromptPoint {
  readonly x: number;
  readonly y: number;
  readonly isPart: boolean;
}

/** What is looked for in a picture. */
export interface SegmentPrompt {
  /** At least one, unless there is a box. */
  readonly points: readonly PromptPoint[];
  /** In which all of it lies, as fractions of the picture's width and height; null for anywhere. */
  readonly box: Rect | null;
}

/** What lines are drawn with. */
export interface Brush {
  /** Pixels of the drawing. */
  readonly width: number;
  readonly colour: string;
  readonly erases: boolean;
}

export const [THINNEST, WIDEST] = [4, 160];

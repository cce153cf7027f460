/** A picture in memory: 8-bit RGBA, row by row, opaque. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

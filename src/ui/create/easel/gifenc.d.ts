// gifenc 1.0.3 has no types of its own; these are the parts used here, after its README.
declare module 'gifenc' {
  export type Palette = readonly (readonly [red: number, green: number, blue: number])[];
  export function quantize(rgba: Uint8ClampedArray, maxColors: number): Palette;
  export function applyPalette(rgba: Uint8ClampedArray, palette: Palette): Uint8Array;
  export function GIFEncoder(): {
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: { readonly palette: Palette /** Milliseconds. */; readonly delay: number },
    ): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  };
}

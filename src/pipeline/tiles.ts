/** A picture in pieces: channels × height × width values in rows, where it lies in the whole. */
export interface Tile {
  readonly data: Float32Array;
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Where tiles of one length lie so that they cover a whole and overlap by at least `overlap`: all of the same length, the
 * last one ending with the whole.
 */
export function tilePositions(length: number, tile: number, overlap: number): number[] {
  if (length <= tile) return [0];
  const count = 1 + Math.ceil((length - tile) / (tile - overlap));
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - tile)) / (count - 1)));
}

/**
 * Tiles laid over each other, each fading out towards the edges it shares: every pixel is a mean weighted by how far it
 * lies from those edges, up to `overlap` pixels. What all tiles agree on stays as it is, wherever they meet.
 * @returns [channels, height, width]
 */
export function blendTiles(
  tiles: readonly Tile[],
  shape: { readonly channels: number; readonly height: number; readonly width: number },
  overlap: number,
): Float32Array {
  const { channels, height, width } = shape;
  const sum = new Float32Array(channels * height * width);
  const weights = new Float32Array(height * width);
  for (const tile of tiles) {
    const rows = ramp(tile.height, tile.top > 0, tile.top + tile.height < height, overlap);
    const columns = ramp(tile.width, tile.left > 0, tile.left + tile.width < width, overlap);
    for (let y = 0; y < tile.height; y++) {
      for (let x = 0; x < tile.width; x++) {
        const weight = (rows[y] as number) * (columns[x] as number);
        const at = (tile.top + y) * width + tile.left + x;
        weights[at] = (weights[at] as number) + weight;
        for (let c = 0; c < channels; c++) {
          const value = tile.data[(c * tile.height + y) * tile.width + x] as number;
          sum[c * height * width + at] = (sum[c * height * width + at] as number) + weight * value;
        }
      }
    }
  }
  return sum.map((value, i) => value / (weights[i % (height * width)] as number));
}

/** How much each place of a tile counts: rising over `overlap` places from an edge that is shared. */
function ramp(length: number, before: boolean, after: boolean, overlap: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => {
    const rise = before ? Math.min(1, (i + 1) / (overlap + 1)) : 1;
    const fall = after ? Math.min(1, (length - i) / (overlap + 1)) : 1;
    return rise * fall;
  });
}

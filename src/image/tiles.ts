/** One tile of a picture, and where it belongs. */
export interface Tile {
  /** [channels, height, width]. */
  readonly data: Float32Array;
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/**
 * The starts of tiles that cover a length and overlap by at least `overlap`. All tiles are of the same length, and the last
 * one ends where the whole does.
 */
export function tilePositions(length: number, tile: number, overlap: number): number[] {
  if (length <= tile) return [0];
  const count = 1 + Math.ceil((length - tile) / (tile - overlap));
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - tile)) / (count - 1)));
}

/** Puts tiles together. */
export interface Blend {
  add(tile: Tile): void;
  /** [channels, height, width]. Nothing can be added afterwards. */
  finish(): Float32Array;
}

/**
 * Blends tiles into each other: each fades out towards the edges it shares with others, so that every pixel is a mean,
 * weighted by its distance from those edges, up to `overlap` pixels. Where tiles agree, nothing changes.
 */
export function openBlend(
  shape: { readonly channels: number; readonly height: number; readonly width: number },
  overlap: number,
): Blend {
  const { channels, height, width } = shape;
  const pixels = height * width;
  const sum = new Float32Array(channels * pixels);
  const weights = new Float32Array(pixels);
  return {
    add(tile) {
      const rows = ramp(tile.height, tile.top > 0, tile.top + tile.height < height, overlap);
      const columns = ramp(tile.width, tile.left > 0, tile.left + tile.width < width, overlap);
      for (let y = 0; y < tile.height; y++) {
        for (let x = 0; x < tile.width; x++) {
          const weight = (rows[y] as number) * (columns[x] as number);
          const at = (tile.top + y) * width + tile.left + x;
          weights[at] = (weights[at] as number) + weight;
          for (let c = 0; c < channels; c++) {
            const value = tile.data[(c * tile.height + y) * tile.width + x] as number;
            sum[c * pixels + at] = (sum[c * pixels + at] as number) + weight * value;
          }
        }
      }
    },
    finish() {
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) / (weights[i % pixels] as number);
      return sum;
    },
  };
}

/** Values [channels, height, width]: a picture, latents, or anything between. */
export interface Planes {
  readonly data: Float32Array;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** How a network's work is cut into tiles. Lengths are in cells, the smallest unit its input and output share. */
export interface Tiling {
  readonly tile: number;
  readonly overlap: number;
  /** Pixels of a cell, each way, in the input and in the output. */
  readonly from: number;
  readonly to: number;
}

/**
 * Runs a network over a picture of any size, tile by tile. All tiles have the same shape, so one graph does for all of them,
 * and none is so small that the network's norms see a different picture. Where a side is shorter than a tile, so are the tiles.
 */
export async function tileByTile(
  whole: Planes,
  { tile, overlap, from, to }: Tiling,
  run: (tile: Planes) => Promise<Float32Array>,
): Promise<Planes> {
  const [rows, columns] = [whole.height / from, whole.width / from];
  const [height, width] = [Math.min(tile, rows), Math.min(tile, columns)];
  const size = { height: rows * to, width: columns * to };
  let channels = 0;
  let blend: Blend | undefined;
  for (const top of tilePositions(rows, height, overlap)) {
    for (const left of tilePositions(columns, width, overlap)) {
      const at = { top: top * from, left: left * from, height: height * from, width: width * from };
      const data = await run(cut(whole, at));
      channels = data.length / (height * to * width * to);
      blend ??= openBlend({ ...size, channels }, overlap * to);
      blend.add({ data, top: top * to, left: left * to, height: height * to, width: width * to });
    }
  }
  return { ...size, channels, data: (blend as Blend).finish() };
}

function cut(whole: Planes, { top, left, height, width }: Omit<Tile, 'data'>): Planes {
  const data = new Float32Array(whole.channels * height * width);
  for (let row = 0; row < whole.channels * height; row++) {
    const y = Math.floor(row / height) * whole.height + top + (row % height);
    const from = y * whole.width + left;
    data.set(whole.data.subarray(from, from + width), row * width);
  }
  return { data, channels: whole.channels, height, width };
}

/** The weight of each place along a tile: it rises over `overlap` places from an edge that is shared. */
function ramp(length: number, before: boolean, after: boolean, overlap: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => {
    const rise = before ? Math.min(1, (i + 1) / (overlap + 1)) : 1;
    const fall = after ? Math.min(1, (length - i) / (overlap + 1)) : 1;
    return rise * fall;
  });
}

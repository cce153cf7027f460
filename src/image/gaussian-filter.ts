/** One channel of a picture as numbers, row by row. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/**
 * OpenCV's GaussianBlur of float32 numbers with a kernel size of (0, 0), to some 10⁻⁵ of what goes in: taps as far as four
 * deviations each way, and pictures that are mirrored about their outermost pixels (BORDER_REFLECT_101).
 * @param sigma the standard deviation in pixels; 0 changes nothing
 */
export function gaussianFilter(plane: Plane, sigma: number): Plane {
  if (sigma === 0) return plane;
  const taps = kernel(sigma);
  return filterColumns(filterRows(plane, taps), taps);
}

/** The weights of the middle and of what is 1, 2, … pixels away. The whole kernel has the sum 1. */
function kernel(sigma: number): Float32Array {
  const reach = Math.round(sigma * 8 + 1) >> 1;
  const bell = Float64Array.from({ length: reach + 1 }, (_, i) => Math.exp((-i * i) / (2 * sigma * sigma)));
  const sum = bell.reduce((all, value, i) => all + (i === 0 ? value : 2 * value), 0);
  return Float32Array.from(bell, (value) => value / sum);
}

/** Where a place outside 0 … length − 1 is mirrored to: about the first and the last, which are not repeated. */
function mirrored(place: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const within = ((place % period) + period) % period;
  return within < length ? within : period - within;
}

function filterRows({ width, height, data }: Plane, taps: Float32Array): Plane {
  const reach = taps.length - 1;
  const sources = Int32Array.from({ length: width + 2 * reach }, (_, i) => mirrored(i - reach, width));
  const line = new Float32Array(sources.length);
  const result = new Float32Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < line.length; i++) line[i] = data[y * width + (sources[i] as number)] as number;
    for (let x = 0; x < width; x++) {
      const middle = x + reach;
      let sum = (line[middle] as number) * (taps[0] as number);
      for (let i = 1; i <= reach; i++)
        sum += ((line[middle - i] as number) + (line[middle + i] as number)) * (taps[i] as number);
      result[y * width + x] = sum;
    }
  }
  return { width, height, data: result };
}

/** Row by row, so that memory is read in its order. */
function filterColumns({ width, height, data }: Plane, taps: Float32Array): Plane {
  const result = new Float32Array(data.length);
  const sums = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) sums[x] = (data[y * width + x] as number) * (taps[0] as number);
    for (let i = 1; i < taps.length; i++) {
      const [above, below] = [mirrored(y - i, height) * width, mirrored(y + i, height) * width];
      const weight = taps[i] as number;
      for (let x = 0; x < width; x++)
        sums[x] = (sums[x] as number) + ((data[above + x] as number) + (data[below + x] as number)) * weight;
    }
    result.set(sums, y * width);
  }
  return { width, height, data: result };
}

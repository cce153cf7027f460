/** torch.linspace in float32, [steps] (ATen/native/cpu/RangeFactoriesKernel.cpp): from both ends towards the middle. */
export function torchLinspace(start: number, end: number, steps: number): Float32Array {
  const [from, to] = [Math.fround(start), Math.fround(end)];
  const step = steps > 1 ? Math.fround((to - from) / (steps - 1)) : 0;
  return Float32Array.from({ length: steps }, (_, i) =>
    i < steps / 2 ? from + step * i : to - step * (steps - i - 1),
  );
}

/** numpy.linspace in float64: `count` values, both ends among them. */
export function numpyLinspace(start: number, end: number, count: number): number[] {
  const step = (end - start) / (count - 1);
  return Array.from({ length: count }, (_, i) =>
    i === count - 1 && count > 1 ? end : start + (count > 1 ? i * step : 0),
  );
}

/** numpy.round: a half is rounded to the even neighbour. */
export function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** numpy.interp at x of values at 0, 1, 2, …: linear between them, constant outside. */
export function interpolate(x: number, values: ArrayLike<number>): number {
  const i = Math.min(Math.max(Math.floor(x), 0), values.length - 1);
  const here = values[i] as number;
  const next = values[Math.min(i + 1, values.length - 1)] as number;
  return here + (next - here) * Math.min(Math.max(x - i, 0), 1);
}

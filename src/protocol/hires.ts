import { HIRES_NAMES, type HiresName, LARGEST_AREA, type SettingValues } from './settings.ts';

/** The name that a setting of the second pass has inside `Hires`: of `hiresScale`, `scale`. */
type HiresKey<Name> = Name extends `hires${infer Key}` ? Uncapitalize<Key> : never;
/** By their names inside `Hires`, what `Values` has for the settings of the second pass. */
type ByKey<Values extends Readonly<Record<HiresName, unknown>>> = {
  readonly [Name in HiresName as HiresKey<Name>]: Values[Name];
};

/** What the table says of the second pass (settings.ts). */
type HiresValues = Pick<SettingValues, HiresName>;
/** A second pass over the enlarged first picture: AUTOMATIC1111's “Hires. fix”, with its names and meanings. */
export type Hires = ByKey<{ readonly [Name in HiresName]: NonNullable<HiresValues[Name]> }>;

/** The table's name for what `Hires` calls by `key`: for `scale`, `hiresScale`. */
export const hiresName = (key: string) => `hires${key.charAt(0).toUpperCase()}${key.slice(1)}`;

/** Something for each setting of the second pass, by its name inside `Hires`. */
export function byHiresKey<Values extends Readonly<Record<HiresName, unknown>>>(
  values: Values,
): ByKey<Values> {
  const key = (name: HiresName) => name.replace(/^hires(.)/, (_, first: string) => first.toLowerCase());
  // TypeScript cannot follow a loop over settings of different types.
  return Object.fromEntries(HIRES_NAMES.map((name) => [key(name), values[name]])) as ByKey<Values>;
}

/** The second pass that these settings ask for; of 0 steps, with as many as the first pass has. */
export function toHires(values: HiresValues, numInferenceSteps: number): Hires | null {
  const { upscaler, ...numbers } = byHiresKey(values);
  return upscaler && { ...numbers, upscaler, steps: numbers.steps || numInferenceSteps };
}

/** The reverse: of no second pass only that there is none, for its numbers may be any. */
export function fromHires(hires: Partial<Hires> | null | undefined): Partial<HiresValues> {
  if (hires === null) return { hiresUpscaler: null };
  return Object.fromEntries(Object.entries(hires ?? {}).map(([key, value]) => [hiresName(key), value]));
}

/**
 * Both sides times `scale`, or less where the picture would pass LARGEST_AREA, rounded down to multiples of 8 as A1111 does
 * (modules/processing.py, calculate_target_resolution).
 */
export function hiresSize(
  { width, height }: { readonly width: number; readonly height: number },
  scale: number,
): { width: number; height: number } {
  const factor = Math.min(scale, Math.sqrt(LARGEST_AREA / (width * height)));
  const snap = (pixels: number) => Math.max(8, Math.floor((pixels * factor) / 8) * 8);
  return { width: snap(width), height: snap(height) };
}

/** How many times as many pixels the enlarged picture has. */
export function growthOf(size: { readonly width: number; readonly height: number }, scale: number): number {
  const { width, height } = hiresSize(size, scale);
  return (width * height) / (size.width * size.height);
}

import * as v from 'valibot';
import { LAYERS, LEVELS, WIDTH, whole } from '../numerics/bounds.ts';

/** Parts of the schemas of the classes' config.json. */

/** The most channels of the latents. */
export const LATENT_CHANNELS = 256;
export const width = whole(1, WIDTH);
export const layers = whole(1, LAYERS);
export const layersOrNone = whole(0, LAYERS);
/** Something for each level. */
export const levels = <const Schema extends v.GenericSchema>(schema: Schema) =>
  v.pipe(v.array(schema), v.minLength(1), v.maxLength(LEVELS));
export const widths = levels(width);
/** Something for each channel of the latents. */
export const perChannel = <const Schema extends v.GenericSchema<unknown, number>>(schema: Schema) =>
  v.pipe(v.array(schema), v.maxLength(LATENT_CHANNELS));
/** A key of which only these values are supported. */
export const only = <const T extends string | number>(...values: T[]) => v.nullish(v.picklist(values));
export const absent = v.nullish(v.literal(false));
/** How the weights of the file are packed, by bitsandbytes and others, which no graph unpacks. */
export const unquantized = { quantization_config: v.nullish(v.null()) };
/** The class that the file is for; a file written by hand may lack it. */
export const className = <const T extends string>(name: T) => v.optional(v.literal(name));

/** A check across keys, reported under one of them. */
export function across<T extends object>(
  key: keyof T & string,
  expected: string,
  holds: (config: T) => boolean,
) {
  return v.rawCheck<T>(({ dataset, addIssue }) => {
    if (!dataset.typed || holds(dataset.value)) return;
    const { value } = dataset;
    const path = {
      type: 'object' as const,
      origin: 'value' as const,
      input: value as Record<string, unknown>,
      key,
      value: value[key],
    };
    addIssue({ message: expected, expected, input: value[key], path: [path] });
  });
}

import type { GenerationRequest } from '../../protocol/generation.ts';
import type { Hires } from '../../protocol/hires.ts';
import { HIRES_NAMES, PLAIN_NAMES, type PlainSettings } from '../../protocol/settings.ts';
import { type Fields, valuesOf } from './fields.ts';

/** A request as far as the form alone makes it: without files. */
export type FormRequest = PlainSettings & Pick<GenerationRequest, 'hires'>;

/** The form as a request, once every number field holds a number that it accepts. */
export const toFormRequest = (fields: Fields): FormRequest => ({
  ...valuesOf(PLAIN_NAMES, fields),
  hires: toHires(fields),
});

/** The second pass that the form asks for. With 0 steps it has as many as the first pass. */
function toHires(fields: Fields): Hires | null {
  const { hiresUpscaler, hiresScale, hiresStrength, hiresSteps } = valuesOf(HIRES_NAMES, fields);
  if (hiresUpscaler === null) return null;
  const steps = hiresSteps === 0 ? Number(fields.numInferenceSteps) : hiresSteps;
  return { scale: hiresScale, upscaler: hiresUpscaler, strength: hiresStrength, steps };
}

import type { GenerationRequest } from '../../protocol/generation.ts';
import { toHires } from '../../protocol/hires.ts';
import { HIRES_NAMES, PLAIN_NAMES, type PlainSettings } from '../../protocol/settings.ts';
import { type Fields, valuesOf } from './fields.ts';

/** A request as far as the form alone makes it: without files. */
export type FormRequest = PlainSettings & Pick<GenerationRequest, 'hires'>;

/** The form as a request, once every number field holds a number that it accepts. */
export const toFormRequest = (fields: Fields): FormRequest => ({
  ...valuesOf(PLAIN_NAMES, fields),
  hires: toHires(valuesOf(HIRES_NAMES, fields), Number(fields.numInferenceSteps)),
});

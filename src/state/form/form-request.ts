import { usedSchedule } from '../../catalog/schedules.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import { toHires } from '../../protocol/hires.ts';
import { HIRES_NAMES, PLAIN_NAMES, type PlainSettings } from '../../protocol/settings.ts';
import { type Fields, valuesOf } from './fields.ts';

/** A request as far as the form alone makes it: without files. */
export type FormRequest = PlainSettings & Pick<GenerationRequest, 'hires'>;

/** The form as a request, once every number field holds a number that it accepts. */
export function toFormRequest(fields: Fields): FormRequest {
  const values = valuesOf(PLAIN_NAMES, fields);
  return {
    ...values,
    schedule: usedSchedule(values.scheduler, values.schedule),
    hires: toHires(valuesOf(HIRES_NAMES, fields), Number(fields.numInferenceSteps)),
  };
}

import { AppError, type Fault } from '../protocol/errors.ts';

/** @throws AppError invalid-request for more steps than a sampler has noise levels */
export function refuseTooManySteps(steps: number, most: number): void {
  if (steps <= most) return;
  const details = {
    ...{ kind: 'too-many-steps', field: 'numInferenceSteps' },
    ...{ most, found: steps },
  } as const satisfies Fault;
  throw new AppError('invalid-request', `This sampler takes at most ${most} steps.`, details);
}

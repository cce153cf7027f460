import * as v from 'valibot';
import { AppError, type Fault } from './errors.ts';

/**
 * Checks what a call is given.
 * @throws AppError invalid-request, with the field, what it may hold and what it held
 */
export function parseParams<S extends v.GenericSchema>(schema: S, params: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, params);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const field = v.getDotPath(issue) ?? 'request';
  if (issue.type === 'max_length' && typeof issue.input === 'string') {
    // valibot's `received` is the length here.
    const details = {
      kind: 'too-long',
      field,
      most: issue.requirement as number,
      found: issue.input.length,
    } satisfies Fault;
    throw new AppError('invalid-request', `${field}: longer than ${details.most} characters.`, details);
  }
  const expected = issue.expected ?? issue.message;
  throw new AppError('invalid-request', `${field}: expected ${expected}, received ${issue.received}.`, {
    field,
    expected,
    found: issue.received,
  });
}

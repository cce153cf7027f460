import { AppError, type Fault } from './errors.ts';

/** Milliseconds that a browser may take to open what it stores. */
export const ANSWER_MS = 5_000;

/**
 * What the browser answers when it is asked to open something. Some never do: another tab may be changing it, or deleting it.
 * @param what is stored there, as the texts of errors know it
 * @throws AppError no-storage after five seconds, or after `ms`; what the answer throws
 */
export function answered<T>(what: string, answer: Promise<T>, ms = ANSWER_MS): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    const details = { kind: 'storage-silent', what } satisfies Fault;
    const error = new AppError('no-storage', 'The browser does not answer.', details);
    timer = setTimeout(() => reject(error), ms);
  });
  return Promise.race([answer, limit]).finally(() => clearTimeout(timer));
}

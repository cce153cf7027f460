import * as v from 'valibot';
import { AppError } from './errors.ts';

/** Characters of a value that are shown. */
const LONGEST = 80;

/**
 * A configuration file checked against its class.
 * @param component what the message calls it: diffusers' name of the part or class, or the file
 * @throws AppError unsupported-model naming the key, what is supported and what was found
 */
export function parseConfig<const Schema extends v.GenericSchema>(
  component: string,
  schema: Schema,
  json: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const { input, expected } = issue;
  const text = typeof input === 'number' ? String(input) : JSON.stringify(input);
  const found = input === undefined ? 'missing' : text.slice(0, LONGEST);
  const supported = expected ?? issue.message;
  const key = v.getDotPath(issue) ?? 'config.json';
  const details = { component, key, expected: supported, found };
  throw new AppError(
    'unsupported-model',
    `${component}: ${key} is ${found}; supported: ${supported}.`,
    details,
  );
}

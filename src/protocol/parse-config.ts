import * as v from 'valibot';
import { AppError, type Fault, type SettingFault } from './errors.ts';

/** Characters of a value that are shown. */
const LONGEST = 80;

/**
 * A configuration file checked against its class.
 * @param component diffusers' name of the part or class, or the file
 * @param user who reads it: a sampler that cannot follow it may be exchanged for another
 * @throws AppError unsupported-model naming the key, what is supported and what was found
 */
export function parseConfig<const Schema extends v.GenericSchema>(
  component: string,
  schema: Schema,
  json: unknown,
  user: 'model' | 'sampler' = 'model',
): v.InferOutput<Schema> {
  // To valibot a list is an object without any of the keys, which may all have defaults.
  const result = v.safeParse(schema, Array.isArray(json) ? 'a list' : json);
  if (result.success) return result.output;
  const [issue, within] = innermost(result.issues[0]);
  const { input, expected } = issue;
  // JSON has no functions, but lists have members: `shift` is one.
  const text = typeof input === 'number' ? String(input) : (JSON.stringify(input) ?? typeof input);
  const found = input === undefined ? 'missing' : text.slice(0, LONGEST);
  const supported = expected ?? issue.message;
  const key = within || 'config.json';
  const kind =
    input === undefined ? 'missing-setting' : user === 'sampler' ? 'sampler-setting' : kindOf(issue);
  throw settingError({ kind, component, key, expected: supported, found });
}

function settingError(details: SettingFault): AppError {
  const { component, key, expected, found } = details;
  const message = `${component}: ${key} is ${found}; supported: ${expected}.`;
  return new AppError('unsupported-model', message, { ...details } satisfies Fault);
}

/** A number of a configuration that does not fit what else the model says. */
export const unfitSetting = (component: string, key: string, expected: string, found: number): AppError =>
  settingError({ kind: 'unfit-setting', component, key, expected, found: String(found) });

/**
 * Where a value may be a number or a list, and is a list, what is wrong with the list; and the path to it.
 * @param at the path to the issue's own value
 */
function innermost(issue: v.BaseIssue<unknown>, at = ''): readonly [v.BaseIssue<unknown>, string] {
  const path = [at, v.getDotPath(issue)].filter(Boolean).join('.');
  const inner = issue.type === 'union' && issue.issues?.find((option) => option.path);
  return inner ? innermost(inner, path) : [issue, path];
}

/** Only a choice is listed by what is expected of it; other rules are for developers to read. */
const kindOf = ({ type }: v.BaseIssue<unknown>) =>
  type === 'picklist' || type === 'literal' ? 'model-setting' : 'unfit-setting';

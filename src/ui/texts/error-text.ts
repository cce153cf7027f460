import type { AppError, ErrorDetails, Fault } from '../../protocol/errors.ts';
import type { ErrorText, Texts } from './en.ts';
import type { ErrorPlace } from './error-places.ts';
import { textOf } from './text-of.ts';

type Words = Texts['errors'];
/** Some name things by where they are from the place of the error, or by what was found. */
type Remedy = string | ((place: ErrorPlace, fault: Fault) => string);

/**
 * What an error means, and what a person can do about it in the place where it is shown. Its message is for developers: only
 * that of a bug is quoted.
 */
export function errorText(texts: Words, place: ErrorPlace, { code, details, message }: AppError): ErrorText {
  if (code === 'bug') return texts.bug(message, place);
  const shown = detailsToShow(texts, details);
  const text = texts.codes[code](shown, place);
  if (details.status === '429') return { ...text, remedy: texts.waitFirst(place) };
  if (!isFault(texts, shown)) return text;
  const remedies: Partial<Record<Fault['kind'], Remedy>> = texts.remedies;
  const remedy = remedies[shown.kind] ?? text.remedy;
  return {
    sentence: textOf(texts.faults, shown),
    remedy: typeof remedy === 'string' ? remedy : remedy(place, shown),
  };
}

/** Errors with a kind have a more precise text than their code. */
const isFault = (texts: Words, details: ErrorDetails): details is Fault =>
  typeof details.kind === 'string' && Object.hasOwn(texts.faults, details.kind);

/** The details as they are shown: a component by its name on the screen, and the server's answer as part of a sentence. */
function detailsToShow(texts: Words, details: ErrorDetails): ErrorDetails {
  const { status, component, expected } = details;
  const { answers, serverAnswered } = texts;
  const known: Readonly<Record<string, string>> = answers;
  return {
    ...details,
    ...(component !== undefined && { component: componentText(texts, String(component)) }),
    ...(typeof expected === 'string' && { expected: choicesText(expected) }),
    ...(status !== undefined && {
      status: /^\d+$/.test(String(status))
        ? serverAnswered(String(status))
        : Object.hasOwn(known, status)
          ? known[status]
          : status,
    }),
  };
}

/** A component by diffusers' name for it, numbered where that is; a file keeps its name. */
function componentText({ components }: Words, name: string): string {
  const [, base = name, number] = /^(.+?)(?:_(\d+))?$/.exec(name) ?? [];
  const labels: Readonly<Record<string, string>> = components;
  const label = Object.hasOwn(labels, base) ? labels[base] : undefined;
  if (label === undefined) return name;
  return number === undefined ? label : `${label} ${number}`;
}

/** valibot's choices, `("a" | "b")`, without their brackets. */
const choicesText = (expected: string) => expected.replace(/^\((.*)\)$/, '$1').replaceAll(' | ', ' / ');

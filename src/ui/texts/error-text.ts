import type { AppError, ErrorDetails, Fault } from '../../protocol/errors.ts';
import type { ErrorPlace, ErrorText, Texts } from './en.ts';
import { textOf } from './text-of.ts';

type Words = Texts['errors'];

/** What an error means, and what a person can do about it in the place where it is shown. */
export function errorText(texts: Words, place: ErrorPlace, { code, details, message }: AppError): ErrorText {
  const shown = detailsToShow(texts, details);
  const text = texts.codes[code](shown, message, place);
  if (!isFault(texts, shown)) return text;
  const remedies: Partial<Record<Fault['kind'], string>> = texts.remedies;
  return { sentence: textOf(texts.faults, shown), remedy: remedies[shown.kind] ?? text.remedy };
}

/** Errors with a kind have a more precise text than their code. */
const isFault = (texts: Words, details: ErrorDetails): details is Fault =>
  typeof details.kind === 'string' && Object.hasOwn(texts.faults, details.kind);

/** The details as they are shown: hashes shortened, and the server's answer as part of a sentence. */
function detailsToShow({ answers, serverAnswered }: Words, details: ErrorDetails): ErrorDetails {
  const { status, expected, found } = details;
  const known: Readonly<Record<string, string>> = answers;
  return {
    ...details,
    ...(expected !== undefined && { expected: short(expected) }),
    ...(found !== undefined && { found: short(found) }),
    ...(status !== undefined && {
      status: /^\d+$/.test(String(status)) ? serverAnswered(String(status)) : (known[status] ?? status),
    }),
  };
}

const short = (value: string | number) =>
  typeof value === 'number' ? value : value.replace(/\b([0-9a-f]{12})[0-9a-f]{20,}\b/g, '$1…');

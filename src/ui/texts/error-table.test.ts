import { expect, test } from 'vitest';
import { fromWire } from '../../protocol/errors.ts';
import { de } from './de.ts';
import { en, type Texts } from './en.ts';
import { ERROR_PLACES, type ErrorPlace } from './error-places.ts';
import { errorText } from './error-text.ts';

const CODES = [...Object.keys(en.errors.codes), 'bug'] as (keyof Texts['errors']['codes'])[];
/** Facts as an error of these kinds has them. */
const FACTS = {
  ...{ file: 'model.safetensors', repo: 'owner/name', model: 'SD-Turbo', field: 'seed', found: '-1' },
  ...{ status: 'no-response' },
};

/** What is said of a code, and under each remedy the places where it is the one. */
function row(texts: Texts, code: (typeof CODES)[number]): string {
  const remedies = new Map<string, ErrorPlace[]>();
  let said = '';
  for (const place of ERROR_PLACES) {
    const error = fromWire({ code, message: 'TypeError: …', details: FACTS });
    const { sentence, remedy } = errorText(texts.errors, place, error);
    said = sentence;
    remedies.set(remedy, [...(remedies.get(remedy) ?? []), place]);
  }
  const lines = [...remedies].map(([remedy, places]) =>
    remedies.size === 1 ? remedy : `*${places.join(', ')}*: ${remedy}`,
  );
  return `| \`${code}\` | ${said} | ${lines.join('<br>')} |`;
}

const table = (texts: Texts) =>
  ['| code | what is said | what to do |', '|---|---|---|', ...CODES.map((code) => row(texts, code))].join(
    '\n',
  );

// To be read as a whole: `npx vitest run src/ui/texts/error-table.test.ts -u` writes it anew.
test('what is said of every error in every place stands in docs/errors.md', async () => {
  const page = `# What is said of every error

Each error has a sentence and something to do, which depends on where it is shown: a remedy names only what is at hand there, or says on
which screen it is (\`src/ui/texts/error-places.ts\`). This page is written by a test from the dictionaries; kinds of errors that say more
than their code (\`faults\` in \`src/ui/texts/en.ts\`) are not listed.

## English

${table(en)}

## German

${table(de)}
`;
  await expect(page).toMatchFileSnapshot('../../../docs/errors.md');
});

import { expect, test } from 'vitest';
import { readSources } from './read-sources.ts';

// How long files and functions may be, in lines. `npm run floors` prints how long they are.

const FILE = 300;
const FUNCTION = 60;
/** A function that makes a store, a scheduler or opens something: `createQueueStore`, `openQueueStorage`. */
const FACTORY = 80;
const isFactory = (name: string, path: string) =>
  path.startsWith('schedulers/') || /^(create|open)[A-Z]/.test(name);

/** Dictionaries: one entry for every text of the page. */
const LONG_FILES = ['ui/texts/en.ts', 'ui/texts/de.ts'];

const sources = readSources();
const code = sources.filter(({ isTest }) => !isTest);
const functions = code.flatMap(({ path, functions }) =>
  functions.map(({ name, lines }) => ({ name, lines, path: `${path} ${name}` })),
);

/** `path: lines` of those that are longer than allowed. */
function tooLong(
  all: readonly { path: string; lines: number; name?: string }[],
  limitOf: (name: string, path: string) => number,
  except: readonly string[] = [],
): string[] {
  return all
    .filter(({ path, lines, name = '' }) => lines > limitOf(name, path) && !except.includes(path))
    .map(({ path, lines }) => `${path}: ${lines}`);
}

test('files and functions are short enough to be read at once', () => {
  const files = tooLong(sources, () => FILE, LONG_FILES);
  const long = tooLong(functions, (name, path) => (isFactory(name, path) ? FACTORY : FUNCTION));
  expect([...files, ...long].sort()).toEqual([]);
});

test('the exceptions exist and are needed', () => {
  const long = sources.filter(({ lines }) => lines > FILE).map(({ path }) => path);
  expect(LONG_FILES.filter((path) => !long.includes(path))).toEqual([]);
});

// npm run floors
test.runIf(process.env.MODE === 'print')('the sizes', () => {
  const rank = (numbers: readonly number[], part: number) =>
    [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length * part)] ?? 0;
  const folders = [...new Set(code.map(({ path }) => path.split('/')[0] as string))];
  console.log('Lines: files, median, 90 %, longest file, longest function');
  for (const folder of [...folders, '']) {
    const lines = code.filter(({ path }) => path.startsWith(folder)).map((source) => source.lines);
    const longest = functions.filter(({ path }) => path.startsWith(folder)).map((one) => one.lines);
    const numbers = [
      lines.length,
      rank(lines, 0.5),
      rank(lines, 0.9),
      Math.max(...lines),
      Math.max(0, ...longest),
    ];
    console.log(
      `  ${(folder || 'src').padEnd(24)} ${numbers.map((one) => String(one).padStart(5)).join(' ')}`,
    );
  }
});

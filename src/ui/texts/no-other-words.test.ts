import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vite';
import { expect, test } from 'vitest';

// What a person reads or hears stands in the dictionaries: a word anywhere else is one that no other language can say.

const SRC = new URL('../../', import.meta.url).pathname;

/** Names, the same in every language. */
const NAMES = ['Safelight', 'WebGPU', 'WebGPU ·', 'Esc', 'https://huggingface.co'];
/** Attributes of JSX that are read or heard. */
const SPOKEN = ['aria-label', 'aria-valuetext', 'aria-description', 'title', 'placeholder', 'alt', 'label'];

const files = ['ui', 'state', 'experiments', 'storage', 'pwa'].flatMap((folder) =>
  readdirSync(join(SRC, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.ts$|^texts\//.test(path))
    .map((path) => join(folder, path)),
);

/** A node of ESTree, with JSX. */
type Node = { readonly type: string; readonly [key: string]: unknown };
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** The texts that can come out of an expression: not what is compared in it, looked up or called with. */
function textsOf(node: unknown): string[] {
  if (!isNode(node)) return [];
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : [];
    case 'JSXText':
      return [node.value as string];
    case 'TemplateLiteral':
      return [
        ...(node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked),
        ...(node.expressions as unknown[]).flatMap(textsOf),
      ];
    case 'ConditionalExpression':
      return [...textsOf(node.consequent), ...textsOf(node.alternate)];
    case 'LogicalExpression':
      return textsOf(node.right);
    case 'BinaryExpression':
      return node.operator === '+' ? [...textsOf(node.left), ...textsOf(node.right)] : [];
    case 'JSXExpressionContainer':
      return textsOf(node.expression);
    default:
      return [];
  }
}

/** What of a source a person would read or hear: JSX, spoken attributes, and whole sentences wherever they stand. */
function wordsOf(node: Node): string[] {
  // An error's message is for developers; what a person is told of it is found by its code and its fault.
  if (node.type === 'NewExpression' && /Error$/.test(String((node.callee as Node).name))) return [];
  const children = Object.values(node).flat().filter(isNode).flatMap(wordsOf);
  if (node.type === 'JSXElement' || node.type === 'JSXFragment')
    return [...(node.children as Node[]).flatMap(textsOf), ...children];
  if (node.type === 'JSXAttribute' && SPOKEN.includes(String((node.name as Node).name)))
    return [...textsOf(node.value), ...children];
  return [...textsOf(node).filter((text) => /^\p{Lu}.*\p{L} \p{L}/u.test(text)), ...children];
}

test.each(files)('%s holds no words of its own', (path) => {
  const lang = path.endsWith('x') ? 'tsx' : 'ts';
  const source = parseAst(readFileSync(join(SRC, path), 'utf8'), { lang }) as unknown as Node;
  const words = wordsOf(source).map((text) => text.trim());
  expect(words.filter((text) => /\p{L}{2}/u.test(text) && !NAMES.includes(text))).toEqual([]);
});

test('the message of an error is read only where a bug or a crash of the page is quoted', () => {
  const isReader = (path: string) =>
    /\.message\b|\bmessage\b[^{}]*\}: AppError/.test(readFileSync(join(SRC, path), 'utf8'));
  const pages = readdirSync(join(SRC, 'ui'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.tsx?$/.test(path) && !path.endsWith('.test.ts'),
  );
  expect(
    pages
      .map((path) => join('ui', path))
      .filter(isReader)
      .sort(),
  ).toEqual(['ui/ErrorBoundary.tsx', 'ui/texts/error-text.ts']);
});

test('no stylesheet finds an element by words, which another language says otherwise', () => {
  const sheets = readdirSync(join(SRC, 'ui'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.css'),
  );
  const spoken = new RegExp(`\\[(${SPOKEN.join('|')})[~|^$*]?=`);
  const found = sheets.filter((path) => spoken.test(readFileSync(join(SRC, 'ui', path), 'utf8')));
  expect(sheets.length).toBeGreaterThan(30);
  expect(found).toEqual([]);
});

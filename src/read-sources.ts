import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseAst } from 'vite';

/** A TypeScript file, as far as the rules about files look at it. Paths start at src. */
export interface Source {
  readonly path: string;
  /** Whether it is a test, or reference data or samples of tests. */
  readonly isTest: boolean;
  readonly lines: number;
  /** The files of ours that it imports. */
  readonly imports: readonly string[];
  /** The packages that it imports, by name; Node's own are left out. */
  readonly packages: readonly string[];
  /** `object.member` wherever an object's member is used, and `.member` where the object is not a name. */
  readonly members: readonly string[];
  /** The functions and methods that are in no other function. */
  readonly functions: readonly { readonly name: string; readonly lines: number }[];
}

/** A node of ESTree, with TypeScript and JSX. */
type Node = {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
};
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
const childrenOf = (node: Node) => Object.values(node).flat().filter(isNode);
const isFunction = ({ type }: Node) =>
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type);

const SRC = import.meta.dirname;

/** All TypeScript files of src. */
export function readSources(): Source[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
    .sort()
    .map(readSource);
}

function readSource(path: string): Source {
  const text = readFileSync(join(SRC, path), 'utf8');
  const program = parseAst(text, { lang: path.endsWith('x') ? 'tsx' : 'ts' }) as unknown as Node;
  const [targets, members]: [string[], string[]] = [[], []];
  const visit = (node: Node) => {
    const target = targetOf(node);
    if (target !== null) targets.push(target);
    if (node.type === 'MemberExpression') members.push(memberOf(node));
    for (const child of childrenOf(node)) visit(child);
  };
  visit(program);
  return {
    path,
    isTest: /\.test\.tsx?$|(^|\/)(golden|samples)\//.test(path),
    lines: text.split('\n').length - 1,
    imports: targets
      .filter((target) => target.startsWith('.'))
      .map((target) => relative(SRC, resolve(SRC, dirname(path), target))),
    packages: targets.filter((target) => !/^(\.|node:)/.test(target)).map(packageOf),
    members,
    functions: functionsIn(program, '', (node) => text.slice(node.start, node.end).split('\n').length),
  };
}

/** What a node imports: by an import or export declaration, `import()`, an import type, or `new URL('….ts', …)`. */
function targetOf({ type, source, argument, callee, arguments: args }: Node): string | null {
  if (/^(Import|ExportNamed|ExportAll)Declaration$|^ImportExpression$/.test(type)) return literal(source);
  if (type === 'TSImportType') return literal(source) ?? literal(argument);
  const isUrl = type === 'NewExpression' && (callee as Node).name === 'URL';
  const url = isUrl ? literal((args as unknown[])[0]) : null;
  return url?.endsWith('.ts') ? url : null;
}

const literal = (node: unknown) => (isNode(node) && typeof node.value === 'string' ? node.value : null);

function memberOf({ object, property }: Node): string {
  return `${(object as Node).name ?? ''}.${(property as Node).name ?? ''}`;
}

/** `@scope/name/part` → `@scope/name`. */
const packageOf = (target: string) => target.split('/', target.startsWith('@') ? 2 : 1).join('/');

function functionsIn(
  node: Node,
  name: string,
  linesOf: (node: Node) => number,
): { name: string; lines: number }[] {
  const ownName = (node.id as Node | undefined)?.name ?? (node.key as Node | undefined)?.name ?? name;
  if (isFunction(node)) return [{ name: String(ownName), lines: linesOf(node) }];
  return childrenOf(node).flatMap((child) => functionsIn(child, String(ownName), linesOf));
}

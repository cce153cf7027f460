/** Lists of words by their names: `__name__` in a prompt is one of them. */
export type Wildcards = Readonly<Record<string, readonly string[]>>;

/** Lists by their names. */
export const toWildcards = (
  lists: readonly { readonly name: string; readonly words: readonly string[] }[],
): Wildcards => Object.fromEntries(lists.map(({ name, words }) => [name, words]));

/** What is a wildcard in a prompt; after a backslash it is text. Names may hold spaces, slashes, and single underscores. */
export const WILDCARD = /(?<!\\)__([\p{L}\p{N}](?:[^_\n{}|<>\\]|_(?!_)){0,199}?)__/gu;

/** The names in a text, each once, in order. */
export const wildcardNames = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(WILDCARD)].map(([, name]) => name as string)),
];

/** The list of a name; capital letters make no difference where there is none that is written so. */
export function wildcardOf(wildcards: Wildcards, name: string): readonly string[] | undefined {
  if (Object.hasOwn(wildcards, name)) return wildcards[name];
  const key = Object.keys(wildcards).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : wildcards[key];
}

/** A text that is painted as it is: what would be a choice in it is escaped. */
export function asPainted(text: string, wildcards: Wildcards): string {
  const hasBar = /\{.*\|.*\}/s.test(text);
  const plain = hasBar ? text.replace(/\\.|\{/gs, (sign) => (sign === '{' ? '\\{' : sign)) : text;
  return plain.replace(WILDCARD, (whole, name: string) =>
    wildcardOf(wildcards, name)?.length ? `\\${whole}` : whole,
  );
}

/** Those that these texts call, and those that their words call in turn. */
export function calledWildcards(all: Wildcards, texts: readonly string[]): Wildcards {
  const called = new Map<string, readonly string[]>();
  const open = [...texts];
  for (let text = open.pop(); text !== undefined; text = open.pop())
    for (const name of wildcardNames(text)) {
      const words = called.has(name) ? undefined : wildcardOf(all, name);
      if (!words) continue;
      called.set(name, words);
      open.push(words.join('\n'));
    }
  return Object.fromEntries(called);
}

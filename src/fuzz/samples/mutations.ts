import fc from 'fast-check';

/** Names that every object has, or that stand for its prototype. */
export const MEMBERS = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'] as const;

/** Where, what, and which kind of change. */
type Change = readonly [at: number, value: number, kind: number];
const changes = (most: number) =>
  fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.nat(5)), { minLength: 1, maxLength: most });

/** A list with some entries changed, removed, put in, or cut off at the end. */
function changed<T>(list: readonly T[], all: readonly Change[], entry: (value: number) => T): T[] {
  const out = [...list];
  for (const [where, value, kind] of all) {
    const at = where % Math.max(1, out.length);
    if (kind === 0) out.splice(at, 1 + (value % 8));
    else if (kind === 1) out.splice(at, 0, entry(value), entry(value));
    else if (kind === 2 && value > 240) out.length = at;
    else out[at] = entry(value);
  }
  return out;
}

/** Bytes with some of the first `within` changed. */
export const anyBytes = (bytes: Uint8Array, within = 4000): fc.Arbitrary<Blob> =>
  changes(12).map((all) => {
    const head = changed([...bytes.subarray(0, within)], all, (byte) => byte);
    return new Blob([Uint8Array.from(head), bytes.slice(within)]);
  });

/** What may break JSON, or a sentence, or a reader that believes it. */
const WORDS: readonly string[] = [
  ...['{', '}', '[', ']', '"', ',', ':', '\\', '\n', '<', '>', '(', ')', '::', '{}', "'", '|', ' '],
  ...['null', 'true', '-1', '0', '1e999', '9007199254740993', 'NaN', '-Infinity', '1'.repeat(400)],
  ...['{"toString":1}', '[[]]', '"__proto__"', '&#x110000;', 'é', '\u0000', '\ud800', '%', '%zz', '/', '..'],
  ...MEMBERS,
];

/** A text with some of its words and marks changed. */
export const anyText = (text: string): fc.Arbitrary<string> => {
  const parts = text.match(/\w+|\W/g) ?? [];
  return changes(12).map((all) => changed(parts, all, (n) => WORDS[n % WORDS.length] as string).join(''));
};

/** What JSON may hold in the place of anything; texts with @ are spelled without their quotes. */
const LEAVES: readonly unknown[] = [
  ...[null, true, false, '', 'x', [], {}, [null], [[{}]], { toString: 1 }, 'x'.repeat(5000), ...MEMBERS],
  ...[-1, 0, 1, 2, 3, 0.5, 1e-9, 64, 5e7, 2 ** 31, 2 ** 53, 1e300, -1e300, '@NaN', '@-Infinity', '@1e999'],
  ...['@deep', Array(3000).fill(1), Array(12).fill(0.5)],
];
const DEEP = 20_000;
const SPELLED = /"@(NaN|-Infinity|1e999|deep)"/g;

/** As JSON, with what only texts of other programs hold. */
const spelled = (json: unknown): string =>
  (JSON.stringify(json) ?? 'null').replace(SPELLED, (_, name: string) =>
    name === 'deep' ? '['.repeat(DEEP) + ']'.repeat(DEEP) : name,
  );

type Holder = Record<string, unknown>;
/** Every place in JSON: what holds it, and its key. */
function places(root: Holder): [Holder, string][] {
  const found: [Holder, string][] = [];
  const open: Holder[] = [root];
  for (let holder = open.pop(); holder; holder = open.pop())
    for (const key of Object.keys(holder)) {
      found.push([holder, key]);
      const value = holder[key];
      if (typeof value === 'object' && value !== null) open.push(value as Holder);
    }
  return found;
}

/** JSON with some values changed, removed, or under the names of others, as the text of a file; at times the text is damaged. */
export function anyJson(json: unknown): fc.Arbitrary<string> {
  const leaf = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...LEAVES) }, fc.integer(), fc.double());
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(5), leaf, fc.constantFrom(...MEMBERS)), {
    minLength: 1,
    maxLength: 4,
  });
  const edited = edits.map((all) => {
    const root: Holder = { root: structuredClone(json) };
    for (const [at, kind, value, member] of all) {
      const found = places(root);
      const [holder, key] = found[at % found.length] as [Holder, string];
      if (kind === 0) delete holder[key];
      else if (kind === 1)
        Object.defineProperty(holder, member, {
          ...{ value: holder[key], enumerable: true, configurable: true, writable: true },
        });
      else holder[key] = structuredClone(value);
      if (!Object.hasOwn(root, 'root')) root.root = value;
    }
    return spelled(root.root);
  });
  return fc.oneof({ weight: 4, arbitrary: edited }, anyText(JSON.stringify(json)));
}

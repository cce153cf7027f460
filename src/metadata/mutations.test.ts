import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPngTexts, withPngTexts } from './containers/png-text.ts';
import { readPictureSettings } from './read-picture-settings.ts';

// Damaged pictures of every program end in settings, some of them perhaps refused, or in none; never in a fault, and soon.

const GOLDEN = new URL('golden/', import.meta.url);
/** `MUTATIONS=2000 npx vitest run src/metadata/mutations` asks for more; that many were seen to pass. */
const RUNS = Number(process.env.MUTATIONS ?? 300);
/** Milliseconds for one file. */
const SOON = 20_000;

type Changes = readonly (readonly [at: number, value: number, kind: number])[];
const changes = fc.array(fc.tuple(fc.nat(4000), fc.nat(255), fc.nat(5)), { minLength: 1, maxLength: 12 });

/** A list with some entries changed, removed, put in, or cut off at the end. */
function mutated<T>(list: readonly T[], all: Changes, entry: (value: number) => T): T[] {
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

async function expectSoon(file: Blob): Promise<void> {
  const start = performance.now();
  const read = await readPictureSettings(file);
  expect(read === null || typeof read.settings === 'object').toBe(true);
  expect(performance.now() - start, 'milliseconds').toBeLessThan(SOON);
}

test.each([
  'a1111.avif',
  'a1111-exif.png',
  'draw-things.png',
  'novelai.webp',
  'swarmui.jpg',
])('mutations of the file %s', async (name) => {
  const file = [...readFileSync(new URL(name, GOLDEN))];
  await fc.assert(
    fc.asyncProperty(changes, (all) =>
      expectSoon(new Blob([Uint8Array.from(mutated(file, all, (byte) => byte))])),
    ),
    { numRuns: RUNS },
  );
}, 60_000);

const HEAD = new Blob([readFileSync(new URL('swarmui.png', GOLDEN))]).slice(0, 33);
/** What may break JSON, or a sentence, or a reader that believes it. */
const WORDS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    '\\',
    '\n',
    'null',
    'true',
    '-1',
    '1e999',
    '0',
    '{"toString":1}',
    '[[]]',
  ],
  ...[
    'NaN',
    '"__proto__"',
    '9007199254740993',
    '<',
    '>',
    '&#x110000;',
    '(',
    '::',
    '{}',
    "'",
    'é',
    '\u0000',
    '-Infinity',
  ],
];

test.each([
  ...[
    'swarmui.png',
    'fooocus.png',
    'fooocus-a1111.png',
    'novelai.png',
    'draw-things.png',
    'easy-diffusion.png',
  ],
  ...['invokeai-sdxl.png', 'comfyui-sdxl.png', 'comfyui-loader.png', 'a1111.png'],
])('mutations of the texts in %s', async (name) => {
  const texts = await readPngTexts(new Blob([readFileSync(new URL(name, GOLDEN))]));
  await fc.assert(
    fc.asyncProperty(changes, fc.constantFrom(...texts.keys()), async (all, keyword) => {
      // Marks are single, and words between them.
      const parts = (texts.get(keyword) as string).match(/\w+|\W/g) ?? [];
      const text = mutated(parts, all, (value) => WORDS[value % WORDS.length] as string).join('');
      await expectSoon(withPngTexts(HEAD, { ...Object.fromEntries(texts), [keyword]: text }));
    }),
    { numRuns: RUNS },
  );
}, 60_000);

const LEAVES: readonly unknown[] = [
  null,
  true,
  -1,
  1e300,
  '',
  'x',
  [],
  {},
  [null],
  { toString: 1 },
  [[{}]],
  '9'.repeat(400),
];

test.each([
  'swarmui.png',
  'fooocus.png',
  'novelai.png',
  'invokeai-sdxl.png',
  'comfyui-loader.png',
])('any value in place of each value in %s', async (name) => {
  const texts = await readPngTexts(new Blob([readFileSync(new URL(name, GOLDEN))]));
  const [keyword, text] = [...texts].find(([, value]) => value.startsWith('{')) as [string, string];
  for (const leaf of LEAVES) {
    const places = text.match(/[:,[{]/g)?.length ?? 0;
    for (let place = 0; place < places; place++) {
      let at = 0;
      const json = JSON.parse(text, (_, value) => (at++ === place ? leaf : value));
      await expectSoon(withPngTexts(HEAD, { ...Object.fromEntries(texts), [keyword]: JSON.stringify(json) }));
    }
  }
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { elementCount } from '../numerics/tensor.ts';
import { AppError } from '../protocol/errors.ts';
import { readSafetensors } from './safetensors.ts';

const text = new TextEncoder();

/** A file of a header, given as text or bytes, and `dataBytes` zeros; `length` overrides the header's true length. */
function file(header: string | Uint8Array<ArrayBuffer>, dataBytes: number, length?: bigint): Blob {
  const bytes = typeof header === 'string' ? text.encode(header) : header;
  const prefix = new DataView(new ArrayBuffer(8));
  prefix.setBigUint64(0, length ?? BigInt(bytes.length), true);
  return new Blob([prefix, bytes, new Uint8Array(dataBytes)]);
}

const tensor = (dtype: string, shape: unknown, begin: unknown, end: unknown) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});
const json = (value: unknown) => JSON.stringify(value);

test('each tensor has its byte range in the file, in any order of the header', async () => {
  const header = json({
    second: tensor('F16', [5], 24, 34),
    __metadata__: { format: 'pt' },
    first: tensor('F32', [2, 3], 0, 24),
    empty: tensor('F32', [0, 7], 34, 34),
    scalar: tensor('I64', [], 34, 42),
  });
  const start = 8 + header.length;
  expect(Object.fromEntries(await readSafetensors('x', file(header, 42)))).toEqual({
    first: { dtype: 'F32', shape: [2, 3], offset: start, length: 24 },
    second: { dtype: 'F16', shape: [5], offset: start + 24, length: 10 },
    empty: { dtype: 'F32', shape: [0, 7], offset: start + 34, length: 0 },
    scalar: { dtype: 'I64', shape: [], offset: start + 34, length: 8 },
  });
});

test('types that nobody here reads are known by their size, and types to come by their range', async () => {
  const header = json({
    f4: tensor('F4', [3, 4], 0, 6),
    f6: tensor('F6_E2M3', [4], 6, 9),
    scale: tensor('F8_E8M0', [2], 9, 11),
    complex: tensor('C64', [1, 2], 11, 27),
    later: tensor('F12_E5M6', [9], 27, 41),
  });
  const found = await readSafetensors('x', file(header, 41));
  expect([...found.values()].map(({ dtype, length }) => [dtype, length])).toEqual([
    ['F4', 6],
    ['F6_E2M3', 3],
    ['F8_E8M0', 2],
    ['C64', 16],
    ['F12_E5M6', 14],
  ]);
});

test('spaces after the header and a file without tensors are allowed', async () => {
  expect((await readSafetensors('x', file('{}      ', 0))).size).toBe(0);
});

test('a tensor called __proto__ is a tensor', async () => {
  const header = `{"__proto__":${json(tensor('U8', [3], 0, 3))}}`;
  expect([...(await readSafetensors('x', file(header, 3))).keys()]).toEqual(['__proto__']);
});

// The cases of safetensors/src/tensor.rs' tests and of its attacks/README.md.
describe('a damaged file', () => {
  const one = (entry: unknown) => json({ a: entry });
  test.each<[string, Blob]>([
    ['shorter than its prefix', new Blob([new Uint8Array(7)])],
    ['a header longer than the file', file('{}', 0, 3n)],
    ['a header of 2⁶⁴ − 1 bytes', file('{}', 0, 2n ** 64n - 1n)],
    ['a header over 100 MB', file('{}', 0, 100_000_001n)],
    ['an empty header', file('', 0)],
    ['not UTF-8', file(Uint8Array.of(0x7b, 0xff, 0x7d), 0)],
    ['not JSON', file('{"a":', 0)],
    ['an array', file('[]', 0)],
    ['null', file('null', 0)],
    ['space before the header', file(' {}', 0)],
    ['a tensor that is null', file('{"a":null}', 0)],
    ['a tensor without offsets', file(one({ dtype: 'U8', shape: [0] }), 0)],
    ['three offsets', file(one({ dtype: 'U8', shape: [1], data_offsets: [0, 1, 2] }), 2)],
    ['offsets that are text', file(one(tensor('U8', [1], '0', '1')), 1)],
    ['a fraction as offset', file(one(tensor('U8', [1], 0.5, 1.5)), 2)],
    ['a negative offset', file(one(tensor('U8', [2], -1, 1)), 1)],
    ['offsets beyond 2⁵³', file(one(tensor('U8', [1], 2 ** 53, 2 ** 53 + 1)), 1)],
    ['a negative size', file(one(tensor('U8', [-1, -1], 0, 1)), 1)],
    ['a size that is text', file(one(tensor('U8', ['1'], 0, 1)), 1)],
    ['a shape whose product overflows', file(one(tensor('F32', [2 ** 40, 2 ** 40], 0, 4)), 4)],
    ['a dtype that is no text', file(json({ a: { dtype: 4, shape: [1], data_offsets: [0, 1] } }), 1)],
    ['an unknown dtype', file(one(tensor('toString', [1], 0, 1)), 1)],
    ['half a byte', file(one(tensor('F4', [3], 0, 2)), 2)],
    ['a range shorter than its shape', file(one(tensor('F32', [2], 0, 4)), 4)],
    ['a range longer than its shape', file(one(tensor('F32', [1], 0, 8)), 8)],
    ['data before the first tensor', file(one(tensor('U8', [1], 1, 2)), 2)],
    ['a gap', file(json({ a: tensor('U8', [1], 0, 1), b: tensor('U8', [1], 2, 3) }), 3)],
    [
      'two tensors over each other',
      file(json({ a: tensor('U8', [2], 0, 2), b: tensor('U8', [2], 1, 3) }), 3),
    ],
    ['two tensors in one place', file(json({ a: tensor('U8', [2], 0, 2), b: tensor('U8', [2], 0, 2) }), 2)],
    ['one byte missing', file(one(tensor('F32', [1], 0, 4)), 3)],
    ['one byte too many', file(one(tensor('F32', [1], 0, 4)), 5)],
  ])('is refused: %s', async (_, blob) => {
    await expect(readSafetensors('unet/weights', blob)).rejects.toMatchObject({
      code: 'corrupt-file',
      details: { file: 'unet/weights', expected: expect.anything(), found: expect.anything() },
    });
  });
});

// What a person may choose in the place of a .safetensors file; their beginnings are those of file-kind.test.ts.
test.each([
  ['web-page', '<!DOCTYPE html><html><body>Sign in</body></html>'],
  ['lfs-pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n'],
  ['pickle', Uint8Array.of(0x80, 2, 0x7d, 0x71, 0, 0x2e)],
  ['json', '{"alpha": 8}'],
  ['empty', ''],
])('a file that is a %s is called that', async (found, bytes) => {
  await expect(readSafetensors('x.safetensors', new Blob([bytes]))).rejects.toMatchObject({
    code: 'corrupt-file',
    details: { kind: 'not-safetensors', file: 'x.safetensors', found },
  });
});

test.each([
  ['in its header', 100],
  ['in its numbers', 7],
])('a file cut off %s says how much is missing', async (_, missing) => {
  const whole = file(json({ a: tensor('F32', [8], 0, 32) }), 32);
  const cut = whole.slice(0, whole.size - (missing === 100 ? whole.size - 20 : missing));
  const details = {
    kind: 'cut-off',
    expected: missing === 100 ? whole.size - 32 : whole.size,
    found: cut.size,
  };
  await expect(readSafetensors('x', cut)).rejects.toMatchObject({ details });
});

const shapes = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });

test('any well-formed header is read as it was written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string({ maxLength: 8 }), shapes, { maxKeys: 6 }), async (sizes) => {
      let end = 0;
      const entries = Object.entries(sizes).filter(([name]) => name !== '__metadata__');
      const header = json(
        Object.fromEntries(
          entries.map(([name, shape]) => {
            const begin = end;
            end += 4 * elementCount(shape);
            return [name, tensor('F32', shape, begin, end)];
          }),
        ),
      );
      const found = await readSafetensors('x', file(header, end));
      expect([...found].map(([name, { shape }]) => [name, shape]).sort()).toEqual([...entries].sort());
    }),
  );
});

/** Headers that are nearly right, JSON of any kind, and a sound file with bytes changed, cut or repeated. */
const headers = fc.oneof(
  fc.jsonValue().map((value) => json(value)),
  fc
    .dictionary(
      fc.constantFrom('a', 'b', '__metadata__', '__proto__', 'constructor'),
      fc.record(
        {
          dtype: fc.constantFrom('F32', 'U8', 'F99', ''),
          shape: fc.array(fc.oneof(fc.nat(9), fc.integer(), fc.double(), fc.constant(2 ** 53)), {
            maxLength: 4,
          }),
          data_offsets: fc.array(fc.oneof(fc.nat(90), fc.integer(), fc.double(), fc.constant(2 ** 60)), {
            maxLength: 3,
          }),
        },
        { requiredKeys: [] },
      ),
    )
    .map(json),
  fc.string(),
  fc
    .tuple(fc.nat(200), fc.string({ maxLength: 3 }), fc.nat(5))
    .map(([at, put, cut]) => SOUND.slice(0, at) + put + SOUND.slice(at + cut)),
);
const SOUND = json({
  a: tensor('F32', [2, 3], 0, 24),
  b: tensor('U8', [8], 24, 32),
  __metadata__: { format: 'pt' },
});

test('10,000 files end in ranges inside the file, or in a typed error', async () => {
  let errors = 0;
  await fc.assert(
    fc.asyncProperty(
      headers,
      fc.nat(40),
      fc.option(fc.oneof(fc.bigInt({ min: 0n, max: 300n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })), {
        freq: 3,
      }),
      async (header, data, length) => {
        const blob = file(header, data, length ?? undefined);
        try {
          for (const { offset, length } of (await readSafetensors('x', blob)).values())
            if (!(offset >= 8 && length >= 0 && offset + length <= blob.size)) return false;
        } catch (error) {
          errors++;
          return error instanceof AppError && error.code === 'corrupt-file';
        }
        return true;
      },
    ),
    { numRuns: 10_000 },
  );
  expect(errors).toBeGreaterThan(1000);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytes, float, int, join } from './protobuf.ts';

test('fields are encoded as in protobuf’s own documentation', () => {
  // https://protobuf.dev/programming-guides/encoding: 150 is 96 01, −2 is fe ff … 01, "testing" is field 2.
  expect([...int(1, 150)]).toEqual([0x08, 0x96, 0x01]);
  expect([...int(1, -2)]).toEqual([0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
  expect([...bytes(2, 'testing')]).toEqual([0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67]);
  expect([...bytes(3, [int(1, 150)])]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01]);
  expect([...float(2, 1)]).toEqual([0x15, 0, 0, 0x80, 0x3f]);
  expect([...int(20, 1)]).toEqual([0xa0, 0x01, 0x01]);
});

test('any integer field is decoded by the rules of varints to the same integer', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      const [, ...varint] = int(1, value);
      const read = varint.reduce((sum, byte, i) => sum | (BigInt(byte & 127) << BigInt(7 * i)), 0n);
      expect(BigInt.asIntN(64, read)).toBe(BigInt(value));
      expect(varint.every((byte, i) => byte > 127 === i < varint.length - 1)).toBe(true);
    }),
  );
  expect(join([int(1, 1), int(2, 2)])).toEqual(Uint8Array.of(8, 1, 16, 2));
});

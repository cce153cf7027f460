import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentHash } from './content-hash.ts';

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
const gitSha1 = (data: Uint8Array) =>
  createHash('sha1').update(`blob ${data.length}\0`).update(data).digest('hex');

test('hashes are those of Node', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }), async (pieces) => {
      const whole = Buffer.concat(pieces);
      for (const expected of [sha256(whole), gitSha1(whole)]) {
        const hash = await contentHash(expected, whole.length);
        for (const piece of pieces) hash.update(piece);
        expect(hash.digest()).toBe(expected);
      }
    }),
  );
});

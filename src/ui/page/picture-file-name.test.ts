import { expect, test } from 'vitest';
import { pictureFileName } from './picture-file-name.ts';

test.each([
  ['a red apple', 0, 'a-red-apple-0.png'],
  ['', 7, 'safelight-7.png'],
  ['../../etc/passwd', 1, 'etc-passwd-1.png'],
  ['  „Ein Fuchs“, (rot:1.2)!', 2, 'ein-fuchs-rot-1-2-2.png'],
  ['赤いリンゴ', 3, '赤いリンゴ-3.png'],
  ['🍎', 4, 'safelight-4.png'],
])('%j with seed %i', (prompt, seed, name) => {
  expect(pictureFileName(prompt, seed)).toBe(name);
});

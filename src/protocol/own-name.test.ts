import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ownNameAt } from './own-name.ts';

test('two deployments, or two things of one, never have the same name', () => {
  const part = fc.string({ minLength: 1 }).map((text) => encodeURIComponent(text));
  const path = fc.array(part, { maxLength: 3 }).map((parts) => ['', ...parts, ''].join('/'));
  const named = fc.tuple(path, part);
  fc.assert(
    fc.property(named, named, ([pathA, whatA], [pathB, whatB]) => {
      const isSame = pathA === pathB && whatA === whatB;
      expect(ownNameAt(pathA, whatA) === ownNameAt(pathB, whatB)).toBe(isSame);
    }),
  );
  expect(ownNameAt('/', 'gallery')).toBe('safelight/gallery');
  expect(ownNameAt('/a/', 'gallery')).toBe('safelight/a/gallery');
});

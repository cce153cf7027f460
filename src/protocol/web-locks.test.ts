import { afterEach, expect, test, vi } from 'vitest';
import { webLocks } from './web-locks.ts';

afterEach(() => vi.unstubAllGlobals());

test('Web Locks are those of the browser, and none where it has none or throws', () => {
  const locks = {};
  vi.stubGlobal('navigator', { locks });
  expect(webLocks()).toBe(locks);
  vi.stubGlobal('navigator', {});
  expect(webLocks()).toBeUndefined();
  vi.stubGlobal('navigator', {
    get locks() {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    },
  });
  expect(webLocks()).toBeUndefined();
});

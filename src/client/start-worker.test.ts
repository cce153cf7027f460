import { afterEach, expect, test, vi } from 'vitest';
import { startWorker } from './start-worker.ts';

afterEach(() => vi.unstubAllGlobals());

test('where the browser forbids the page to look at Web Locks, the worker starts all the same', () => {
  const postMessage = vi.fn();
  vi.stubGlobal(
    'Worker',
    class extends EventTarget {
      postMessage = postMessage;
    },
  );
  vi.stubGlobal('navigator', {
    get locks() {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    },
  });
  startWorker().onCrash(() => {});
  expect(postMessage).toHaveBeenCalledWith(expect.objectContaining({ kind: 'life' }), expect.anything());
});

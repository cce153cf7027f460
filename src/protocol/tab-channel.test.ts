import { afterEach, expect, test, vi } from 'vitest';
import { openTabChannel } from './tab-channel.ts';

afterEach(() => vi.unstubAllGlobals());

test('tabs hear each other', async () => {
  const [one, two] = [openTabChannel<number>('test'), openTabChannel<number>('test')];
  const heard = new Promise((resolve) => two.onTold(resolve));
  one.tell(5);
  expect(await heard).toBe(5);
  one.close();
  two.close();
});

test.each([
  ['is missing', undefined],
  [
    'is refused',
    class {
      constructor() {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      }
    },
  ],
])('where BroadcastChannel %s, the tab is alone', (_, channel) => {
  vi.stubGlobal('BroadcastChannel', channel);
  const tab = openTabChannel<number>('test');
  tab.onTold(() => {});
  tab.tell(1);
  tab.close();
});

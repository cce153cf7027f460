import { afterEach, expect, test, vi } from 'vitest';
import { browserNotifier } from './notifier.ts';

afterEach(() => vi.unstubAllGlobals());

test('a browser that gives no answer, or shows nothing anywhere, leaves no error that nobody hears', async () => {
  const unheard = vi.fn();
  process.on('unhandledRejection', unheard);
  class Refusing {
    static permission = 'granted';
    static requestPermission = () => Promise.reject(new TypeError('Not here.'));
    constructor() {
      throw new DOMException('Not now.', 'InvalidStateError');
    }
  }
  const showNotification = vi.fn(() => Promise.reject(new TypeError('No notification permission.')));
  vi.stubGlobal('Notification', Refusing);
  vi.stubGlobal('navigator', { serviceWorker: { ready: Promise.resolve({ showNotification }) } });
  expect(await browserNotifier().ask()).toBe(false);
  browserNotifier().show('Safelight', 'Done.');
  await vi.waitFor(() => expect(showNotification).toHaveBeenCalledOnce());
  await new Promise((resolve) => setTimeout(resolve));
  process.off('unhandledRejection', unheard);
  expect(unheard).not.toHaveBeenCalled();
});

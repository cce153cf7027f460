import { ownName } from '../../protocol/root.ts';
import { serviceWorkers } from '../../pwa/service-workers.ts';

/** Shows notifications of the system. */
export interface Notifier {
  isAllowed(): boolean;
  /** Whether the browser shows none and does not ask any more, until a person changes that in its settings. */
  isBlocked(): boolean;
  /** Asks for permission, where the browser has not asked before; resolves with whether notifications may be shown. */
  ask(): Promise<boolean>;
  show(title: string, body: string): void;
}

/**
 * The browser's own notifications. A click on one brings the page to the front; pwa/service-worker.ts does that for its
 * own.
 */
export function browserNotifier(): Notifier {
  const isOffered = 'Notification' in globalThis;
  return {
    isBlocked: () => isOffered && Notification.permission === 'denied',
    isAllowed: () => isOffered && Notification.permission === 'granted',
    // An origin that may ask for nothing gets no answer but an error.
    ask: async () =>
      isOffered && (await Notification.requestPermission().catch(() => 'denied')) === 'granted',
    show(title, body) {
      const options = { body, tag: ownName('done') };
      try {
        const notification = new Notification(title, options);
        notification.onclick = () => {
          window.focus();
          notification.close();
        };
      } catch {
        // Chrome on Android shows them from the service worker only, and throws here. Where that may show none either, the
        // page's title still tells.
        serviceWorkers()
          ?.ready.then((worker) => worker.showNotification(title, options))
          .catch(() => {});
      }
    },
  };
}

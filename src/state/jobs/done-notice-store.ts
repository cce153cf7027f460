import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** The browser's notifications, as far as they are used. */
export interface Notifier {
  isAllowed(): boolean;
  /** Asks the person, at most once; says whether notifications may be shown. */
  ask(): Promise<boolean>;
  show(title: string, body: string): void;
}

/** Whether to tell when the queue is done. */
export interface DoneNotice {
  readonly isOn: boolean;
  /** The browser or the person said no when it was switched on. */
  readonly isRefused: boolean;
  /** Switched on, it asks for permission, never before. */
  turn(on: boolean): Promise<void>;
}

export function createDoneNoticeStore(notifier: Notifier, storage: () => StateStorage): StoreApi<DoneNotice> {
  return createStore<DoneNotice>()(
    persist(
      (set) => ({
        isOn: false,
        isRefused: false,
        async turn(on) {
          const isOn = on && (notifier.isAllowed() || (await notifier.ask()));
          set({ isOn, isRefused: on && !isOn });
        },
      }),
      {
        name: 'safelight.done-notice',
        version: 1,
        storage: createJSONStorage(storage),
        partialize: ({ isOn }) => ({ isOn }),
        merge: (stored, fresh) => ({
          ...fresh,
          isOn: (stored as { isOn?: unknown } | null | undefined)?.isOn === true && notifier.isAllowed(),
        }),
      },
    ),
  );
}

/**
 * The browser's notifications; a click on one brings the page to the front, here or, for those of the service worker,
 * there (pwa/service-worker.ts).
 */
export function browserNotifier(): Notifier {
  const isOffered = 'Notification' in globalThis;
  return {
    isAllowed: () => isOffered && Notification.permission === 'granted',
    ask: async () => isOffered && (await Notification.requestPermission()) === 'granted',
    show(title, body) {
      const options = { body, tag: 'safelight.done' };
      try {
        const notification = new Notification(title, options);
        notification.onclick = () => {
          window.focus();
          notification.close();
        };
      } catch (error) {
        // Chrome on Android has them from the service worker only, and says so like this.
        if (!(error instanceof TypeError)) throw error;
        void navigator.serviceWorker.ready.then((worker) => worker.showNotification(title, options));
      }
    },
  };
}

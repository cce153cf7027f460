import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { ownName } from '../../protocol/root.ts';
import type { Notifier } from './notifier.ts';

/** Whether a notification tells when the queue is done. */
export interface DoneNotice {
  readonly isOn: boolean;
  /** The browser or the person refused when it was switched on. */
  readonly isRefused: boolean;
  /** Switching it on asks for permission; nothing else does. */
  turn(on: boolean): Promise<void>;
}

/** @param storage keeps the choice between visits */
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
        name: ownName('done-notice'),
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

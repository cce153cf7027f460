import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { ownName } from '../../protocol/root.ts';
import type { Notifier } from './notifier.ts';

/** Whether a notification tells when the queue is done. */
export interface DoneNotice {
  readonly isOn: boolean;
  /** Why it could not be switched on: the browser is set to show none, or the person gave no answer. */
  readonly refused: 'blocked' | 'unanswered' | null;
  /** Switching it on asks for permission; nothing else does. */
  turn(on: boolean): Promise<void>;
}

/** @param storage keeps the choice between visits */
export function createDoneNoticeStore(notifier: Notifier, storage: () => StateStorage): StoreApi<DoneNotice> {
  return createStore<DoneNotice>()(
    persist(
      (set) => ({
        isOn: false,
        refused: null,
        async turn(on) {
          const isOn = on && (notifier.isAllowed() || (await notifier.ask()));
          set({ isOn, refused: !on || isOn ? null : notifier.isBlocked() ? 'blocked' : 'unanswered' });
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

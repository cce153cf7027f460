import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { ownName } from '../../protocol/root.ts';

/** The groups of the panel of settings, in its order. */
export const GROUPS = ['picture', 'control', 'picturePrompts', 'guidance', 'seed', 'advanced'] as const;
export type Group = (typeof GROUPS)[number];

/** Which groups of the panel are open. */
export interface Panel {
  readonly open: Readonly<Record<Group, boolean>>;
  turn(group: Group, isOpen: boolean): void;
}

const AT_FIRST: Panel['open'] = {
  ...{ picture: true, control: false, picturePrompts: false },
  ...{ guidance: true, seed: true, advanced: false },
};

/** @param storage keeps them between visits */
export function createPanelStore(storage: () => StateStorage): StoreApi<Panel> {
  return createStore<Panel>()(
    persist(
      (set, get) => ({
        open: AT_FIRST,
        turn(group, isOpen) {
          if (get().open[group] !== isOpen) set({ open: { ...get().open, [group]: isOpen } });
        },
      }),
      {
        name: ownName('panel'),
        version: 1,
        storage: createJSONStorage(storage),
        partialize: ({ open }) => ({ open }),
        merge(stored, fresh) {
          const { open } = (stored ?? {}) as { open?: Readonly<Record<string, unknown>> | null };
          const entries = GROUPS.map((group) => {
            const kept = open?.[group];
            return [group, typeof kept === 'boolean' ? kept : AT_FIRST[group]];
          });
          return { ...fresh, open: Object.fromEntries(entries) as Panel['open'] };
        },
      },
    ),
  );
}

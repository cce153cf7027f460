import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { ownName } from '../../protocol/root.ts';

/** As the system is, by day, in the darkroom. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The colours of the page. */
export interface ThemeChoice {
  readonly theme: Theme;
  choose(theme: Theme): void;
}

/** The choice outlives the page. `public/theme.js` reads it before the first paint. */
export function createThemeStore(storage: () => StateStorage): StoreApi<ThemeChoice> {
  return createStore<ThemeChoice>()(
    persist((set) => ({ theme: 'system', choose: (theme) => set({ theme }) }), {
      name: ownName('theme'),
      version: 1,
      storage: createJSONStorage(storage),
      partialize: ({ theme }) => ({ theme }),
      merge(stored, fresh) {
        const kept = (stored as { theme?: unknown } | null | undefined)?.theme;
        return { ...fresh, theme: THEMES.find((theme) => theme === kept) ?? fresh.theme };
      },
    }),
  );
}

import { createStore, type StoreApi } from 'zustand/vanilla';

/** In the order of their buttons. */
export const SCREENS = ['create', 'draw', 'experiments', 'gallery', 'models'] as const;
export type Screen = (typeof SCREENS)[number];

/** Which screen is shown. */
export interface ScreenChoice {
  readonly screen: Screen;
  /** Shows another one; the browser's Back returns to the one before. */
  show(screen: Screen): void;
  /** Reads the address again, which the browser has changed. */
  read(): void;
}

/** The address bar, as far as screens need it. */
export interface ScreenAddress {
  readHash(): string;
  /** Makes a new entry in the history. */
  pushHash(hash: string): void;
}

/** The screen that a hash names, with or without `#`. */
export function screenIn(hash: string): Screen {
  const named = new URLSearchParams(hash.replace(/^#/, '')).get('screen');
  return SCREENS.find((screen) => screen === named) ?? 'create';
}

/** The same hash, without `#`, naming another screen; Create is not named. */
export function withScreen(hash: string, screen: Screen): string {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  parameters.delete('screen');
  const rest = parameters.toString();
  if (screen === 'create') return rest;
  return `screen=${screen}${rest === '' ? '' : `&${rest}`}`;
}

/** The store of the screen that is shown. It stands in the address, so that a link, a bookmark and a reload lead there. */
export function createScreenStore(address: ScreenAddress): StoreApi<ScreenChoice> {
  return createStore<ScreenChoice>()((set, get) => ({
    screen: screenIn(address.readHash()),
    show(screen) {
      if (screen === get().screen) return;
      address.pushHash(withScreen(address.readHash(), screen));
      set({ screen });
    },
    read: () => set({ screen: screenIn(address.readHash()) }),
  }));
}

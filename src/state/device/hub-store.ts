import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HubAccess } from '../../protocol/models.ts';
import { ownName } from '../../protocol/root.ts';

/** The Hugging Face Hub itself. */
export const HUB = 'https://huggingface.co';

/** Where models are downloaded from, and with which access token. */
export interface HubSettings {
  /** As typed; empty for the Hub itself. */
  readonly mirror: string;
  readonly token: string;
  /** Whether the token outlives the page. */
  readonly remembersToken: boolean;
  set(change: Partial<Pick<HubSettings, 'mirror' | 'token' | 'remembersToken'>>): void;
}

/** @param storage keeps the settings between visits */
export function createHubStore(storage: () => StateStorage): StoreApi<HubSettings> {
  return createStore<HubSettings>()(
    persist(
      (set) => ({
        mirror: '',
        token: '',
        remembersToken: false,
        set: (change) => set(change),
      }),
      {
        name: ownName('hub'),
        version: 1,
        storage: createJSONStorage(storage),
        partialize: ({ mirror, token, remembersToken }) => ({
          mirror,
          remembersToken,
          token: remembersToken ? token : '',
        }),
        merge: (stored, fresh) => ({ ...fresh, ...readStored(stored) }),
      },
    ),
  );
}

/** The settings as a request needs them. A mirror that is not an address is ignored; the form says so by `isMirror`. */
export function hubAccess({ mirror, token }: HubSettings): HubAccess {
  return {
    endpoint: isMirror(mirror) ? mirror.trim() : HUB,
    token: token.trim() === '' ? null : token.trim(),
  };
}

/** Whether a text is an http or https address. */
export function isMirror(text: string): boolean {
  return URL.canParse(text.trim()) && /^https?:$/.test(new URL(text.trim()).protocol);
}

function readStored(stored: unknown): Partial<HubSettings> {
  const { mirror, token, remembersToken } = (stored ?? {}) as Record<string, unknown>;
  return {
    ...(typeof mirror === 'string' && { mirror }),
    ...(typeof token === 'string' && { token }),
    ...(remembersToken === true && { remembersToken }),
  };
}

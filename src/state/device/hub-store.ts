import * as v from 'valibot';
import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HubAccess } from '../../protocol/models.ts';
import { ownName } from '../../protocol/root.ts';
import { isTrustworthy } from '../../protocol/trustworthy.ts';

/** The Hugging Face Hub itself. */
export const HUB = 'https://huggingface.co';

const Tokens = v.record(v.string(), v.string());

/** Where models are downloaded from, and with which access token. */
export interface HubSettings {
  /** As typed; empty for the Hub itself. */
  readonly mirror: string;
  /** The access tokens, each by the origin it was typed for: no other server is ever shown it. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Whether the tokens outlive the page. */
  readonly remembersToken: boolean;
  set(change: Partial<Pick<HubSettings, 'mirror' | 'remembersToken'>>): void;
  /** The token for the server that models come from now. */
  setToken(token: string): void;
}

/** @param storage keeps the settings between visits */
export function createHubStore(storage: () => StateStorage): StoreApi<HubSettings> {
  return createStore<HubSettings>()(
    persist(
      (set, get) => ({
        mirror: '',
        tokens: {},
        remembersToken: false,
        set: (change) => set(change),
        setToken: (token) =>
          set({ tokens: { ...get().tokens, [new URL(hubAccess(get()).endpoint).origin]: token } }),
      }),
      {
        name: ownName('hub'),
        version: 1,
        storage: createJSONStorage(storage),
        partialize: ({ mirror, tokens, remembersToken }) => ({
          mirror,
          remembersToken,
          tokens: remembersToken ? tokens : {},
        }),
        merge: (stored, fresh) => ({ ...fresh, ...readStored(stored) }),
      },
    ),
  );
}

/** The settings as a request needs them. A mirror that is refused is ignored; the form says so by `mirrorFault`. */
export function hubAccess({ mirror, tokens }: Pick<HubSettings, 'mirror' | 'tokens'>): HubAccess {
  const endpoint = mirror.trim() === '' || mirrorFault(mirror) ? HUB : mirror.trim();
  return { endpoint, token: tokens[new URL(endpoint).origin]?.trim() || null };
}

/** Why a text cannot be a mirror: it is no address, could be read or changed on the way, or has a password in it. */
export type MirrorFault = 'no-address' | 'not-secure' | 'has-password';

/** Null for a mirror that can be asked, and for none. */
export function mirrorFault(text: string): MirrorFault | null {
  if (text.trim() === '') return null;
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return 'no-address';
  if (!isTrustworthy(url)) return 'not-secure';
  // fetch asks no such address.
  return url.username || url.password ? 'has-password' : null;
}

function readStored(stored: unknown): Partial<HubSettings> {
  const { mirror, token, tokens, remembersToken } = (stored ?? {}) as Record<string, unknown>;
  return {
    ...(typeof mirror === 'string' && { mirror }),
    // Up to 0.2 there was one token, which the form said to be the Hub's.
    ...(typeof token === 'string' && token !== '' && { tokens: { [HUB]: token } }),
    ...(v.is(Tokens, tokens) && { tokens }),
    ...(remembersToken === true && { remembersToken }),
  };
}

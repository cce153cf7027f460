import type { StoreApi } from 'zustand/vanilla';
import { fromWire, toWire } from '../../protocol/errors.ts';
import { byAge, type PictureRow } from '../../storage/picture-row.ts';
import { attempt, type OpenGallery } from './gallery-access.ts';
import type { Pictures } from './pictures.ts';

/** How many of the newest pictures are read for the strip under the print. */
const RECENT = 24;

const noop = () => {};

/**
 * The actions that read.
 * @param retry saves what waits to be saved
 * @returns with what resolves when no rows are being read
 */
export function rowReads(
  { getState, setState }: StoreApi<Pictures>,
  gallery: OpenGallery,
  retry: () => Promise<void>,
): Pick<Pictures, 'open' | 'load' | 'loadRecent' | 'file'> & { loaded(): Promise<unknown> } {
  let loading: Promise<unknown> = Promise.resolve();
  let newest: Promise<void> = Promise.resolve();
  return {
    loaded: () => loading,

    // What is wrong is said by whoever stores.
    open: () => gallery().then(noop, noop),

    async load() {
      await retry();
      loading = attempt({ setState }, async () => {
        const rows: PictureRow[] = [];
        const unreadable = await (await gallery()).list((some) => rows.push(...some));
        setState({ rows: rows.sort(byAge), unreadable });
      });
      await loading;
    },

    loadRecent() {
      const read: Promise<void> = gallery()
        .then((opened) => opened.newest(RECENT))
        .catch(() => null)
        .then((recent) => {
          // A later read knows more.
          if (read !== newest) return newest;
          setState({ recent: recent ?? getState().recent ?? [] });
          return undefined;
        });
      newest = read;
      return read;
    },

    async file(kind, key) {
      try {
        return (await (await gallery())[kind](key)) ?? null;
      } catch (error) {
        setState({ error: fromWire(toWire(error)) });
        return null;
      }
    },
  };
}

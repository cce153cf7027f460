import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { ownName } from '../../protocol/root.ts';
import { SORTS, type Sort } from './gallery-order.ts';

export const THUMBNAIL_SIZES = ['small', 'medium', 'large'] as const;
export type ThumbnailSize = (typeof THUMBNAIL_SIZES)[number];

/** How a person likes to see the gallery. */
export interface GalleryView {
  readonly sort: Sort;
  readonly size: ThumbnailSize;
  set(change: Partial<Pick<GalleryView, 'sort' | 'size'>>): void;
}

/** @param storage keeps it between visits */
export function createGalleryViewStore(storage: () => StateStorage): StoreApi<GalleryView> {
  return createStore<GalleryView>()(
    persist((set) => ({ sort: 'newest', size: 'medium', set: (change) => set(change) }), {
      name: ownName('gallery-view'),
      version: 1,
      storage: createJSONStorage(storage),
      partialize: ({ sort, size }) => ({ sort, size }),
      merge: (stored, fresh) => ({ ...fresh, ...readView(stored) }),
    }),
  );
}

function readView(stored: unknown): Partial<Pick<GalleryView, 'sort' | 'size'>> {
  const { sort, size } = (stored ?? {}) as { sort?: unknown; size?: unknown };
  const [knownSort] = SORTS.filter((one) => one === sort);
  const [knownSize] = THUMBNAIL_SIZES.filter((one) => one === size);
  return { ...(knownSort && { sort: knownSort }), ...(knownSize && { size: knownSize }) };
}

import type { StoreApi } from 'zustand/vanilla';
import type { StorageNews } from '../../storage/storage-news.ts';
import { openDrawingStorage } from '../../storage/stored-drawing.ts';
import { browserCanvas, createDrawingStore, type DrawingState } from './drawing-store.ts';
import { createLiveStore, type Live, type LiveWorld } from './live-store.ts';

/** The stores of the Draw screen. */
export interface DrawStores {
  readonly drawing: StoreApi<DrawingState>;
  readonly live: StoreApi<Live>;
}

/** What they need of the page. */
export interface DrawWorld extends LiveWorld {
  /** Is told how the stored drawing fares. */
  readonly news: StorageNews;
}

export const createDrawStores = (world: DrawWorld): DrawStores => ({
  drawing: createDrawingStore(world.client, openDrawingStorage(world.news), browserCanvas),
  live: createLiveStore(world),
});

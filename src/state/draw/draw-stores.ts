import type { StoreApi } from 'zustand/vanilla';
import type { DrawingStorage } from '../../storage/stored-drawing.ts';
import { browserCanvas, createDrawingStore, type DrawingState } from './drawing-store.ts';
import { createLiveStore, type Live, type LiveWorld } from './live-store.ts';

/** The stores of the Draw screen. */
export interface DrawStores {
  readonly drawing: StoreApi<DrawingState>;
  readonly live: StoreApi<Live>;
}

/** @param drawings where the drawing outlives the page */
export const createDrawStores = (world: LiveWorld, drawings: DrawingStorage): DrawStores => ({
  drawing: createDrawingStore(world.client, drawings, browserCanvas),
  live: createLiveStore(world),
});

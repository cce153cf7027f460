import { createContext, useContext } from 'react';
import { type StoreApi, useStore } from 'zustand';
import type { DrawStores } from '../../state/draw/draw-stores.ts';
import type { DrawingState } from '../../state/draw/drawing-store.ts';
import type { Live } from '../../state/draw/live-store.ts';
import { useLanguage } from '../page/stores-context.ts';
import { DRAW_TEXTS, type DrawTexts } from '../texts/draw-texts.ts';

/** Gives the stores of the Draw screen to what is on it. */
export const DrawContext = createContext<DrawStores | null>(null);

export function useDrawStores(): DrawStores {
  const stores = useContext(DrawContext);
  if (stores === null) throw new Error('A component stands outside DrawContext.');
  return stores;
}

export const useDrawing = <T>(select: (state: DrawingState) => T): T =>
  useOf(useDrawStores().drawing, select);
export const useLive = <T>(select: (live: Live) => T): T => useOf(useDrawStores().live, select);
const useOf = <S, T>(store: StoreApi<S>, select: (state: S) => T): T => useStore(store, select);

export const useDrawTexts = (): DrawTexts => DRAW_TEXTS[useLanguage(({ language }) => language)];

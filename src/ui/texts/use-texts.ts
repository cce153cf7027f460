import { createContext, useContext } from 'react';
import { type StoreApi, useStore } from 'zustand';
import type { Texts } from './en.ts';
import type { ShownTexts } from './texts-store.ts';

/** Gives the texts to every component below. */
export const TextsContext = createContext<StoreApi<ShownTexts> | null>(null);

/** The texts of the page in the language that is shown. */
export function useTexts(): Texts {
  const store = useContext(TextsContext);
  if (store === null) throw new Error('A component stands outside TextsContext.');
  return useStore(store, ({ texts }) => texts);
}

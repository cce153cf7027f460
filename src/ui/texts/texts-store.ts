import type { StoreApi } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Language, LanguageChoice } from '../../state/page/language-store.ts';
import { en, type Texts } from './en.ts';

/** The texts that are shown, and their language. */
export interface ShownTexts {
  readonly language: Language;
  readonly texts: Texts;
}

const LOAD: Readonly<Record<Language, () => Promise<Texts>>> = {
  en: async () => en,
  de: async () => (await import('./de.ts')).de,
};

/**
 * Opens the store of the texts, which follows the chosen language; English where its texts cannot be fetched. The page's
 * `lang` attribute follows too, for hyphenation and voices.
 */
export async function openTexts(
  choice: StoreApi<LanguageChoice>,
  page: HTMLElement,
): Promise<StoreApi<ShownTexts>> {
  const store = createStore<ShownTexts>()(() => ({ language: 'en', texts: en }));
  const load = async ({ language }: LanguageChoice) => {
    const texts = await LOAD[language]().catch(() => null);
    if (texts === null || choice.getState().language !== language) return;
    store.setState({ language, texts });
    page.lang = language;
  };
  choice.subscribe(load);
  await load(choice.getState());
  return store;
}

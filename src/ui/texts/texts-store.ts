import type { StoreApi } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Language, LanguageChoice } from '../../state/page/language-store.ts';
import { en, type Texts } from './en.ts';

/** The words the page is shown in, and the language they are in. */
export interface ShownTexts {
  readonly language: Language;
  readonly texts: Texts;
}

const LOAD: Readonly<Record<Language, () => Promise<Texts>>> = {
  en: async () => en,
  de: async () => (await import('./de.ts')).de,
};

/**
 * The words of the chosen language, from now on; English where they cannot be fetched. Names the language to the browser,
 * for its hyphens and voices.
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

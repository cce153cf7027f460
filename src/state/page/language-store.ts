import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { ownName } from '../../protocol/root.ts';

/** The languages of the page, each with its own name. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

/** The language of the page. */
export interface LanguageChoice {
  /** What was chosen on the page; null for what the browser prefers. */
  readonly chosen: Language | null;
  readonly language: Language;
  choose(language: Language): void;
}

const isLanguage = (value: unknown): value is Language =>
  typeof value === 'string' && Object.hasOwn(LANGUAGES, value);

/**
 * The first of the preferred languages that the page has, or English.
 * @param preferred BCP 47 tags, as navigator.languages has them
 */
export function preferredLanguage(preferred: readonly string[]): Language {
  return preferred.map((tag) => tag.split('-')[0]?.toLowerCase()).find(isLanguage) ?? 'en';
}

/** The choice outlives the page; what the browser prefers is asked again at each visit. */
export function createLanguageStore(
  preferred: readonly string[],
  storage: () => StateStorage,
): StoreApi<LanguageChoice> {
  return createStore<LanguageChoice>()(
    persist(
      (set) => ({
        chosen: null,
        language: preferredLanguage(preferred),
        choose: (language) => set({ chosen: language, language }),
      }),
      {
        name: ownName('language'),
        version: 1,
        storage: createJSONStorage(storage),
        partialize: ({ chosen }) => ({ chosen }),
        merge(stored, fresh) {
          const chosen = (stored as { chosen?: unknown } | null | undefined)?.chosen;
          return isLanguage(chosen) ? { ...fresh, chosen, language: chosen } : fresh;
        },
      },
    ),
  );
}

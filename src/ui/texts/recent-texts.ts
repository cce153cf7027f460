import type { Language } from '../../state/page/language-store.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

const en = { label: 'Last pictures', keys: 'The arrow keys show another one, F marks it as a favourite.' };

const de: typeof en = {
  label: 'Letzte Bilder',
  keys: 'Die Pfeiltasten zeigen ein anderes, F macht es zum Favoriten.',
};

/** The words of the strip of the last pictures. */
export const RECENT_TEXTS: Readonly<Record<Language, typeof en>> = { en, de };

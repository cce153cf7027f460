import type { Language } from '../../state/page/language-store.ts';
import { DE } from './models-texts-de.ts';
import { EN, type ModelsTexts } from './models-texts-en.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

/** The words of the Models screen. */
export const MODELS_TEXTS: Readonly<Record<Language, ModelsTexts>> = { en: EN, de: DE };

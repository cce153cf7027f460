import { useLanguage } from '../page/stores-context.ts';
import { MODELS_TEXTS } from '../texts/models-texts.ts';
import type { ModelsTexts } from '../texts/models-texts-en.ts';

/** The words of the Models screen, in the language that is chosen. */
export const useModelsTexts = (): ModelsTexts => MODELS_TEXTS[useLanguage(({ language }) => language)];

import { useLanguage } from '../page/stores-context.ts';
import { GALLERY_TEXTS } from '../texts/gallery-texts.ts';

/** The words of the gallery alone, in the page's language. */
export const useGalleryTexts = () => GALLERY_TEXTS[useLanguage(({ language }) => language)];

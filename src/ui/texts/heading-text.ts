import type { Heading } from '../../state/gallery/gallery-order.ts';
import type { Language } from '../../state/page/language-store.ts';
import { capitalised } from './capitalised.ts';
import { GALLERY_TEXTS } from './gallery-texts.ts';

/** A heading of the gallery in words. A day is “Today”, “Yesterday”, or a date, with its year where that is not this one. */
export function headingText(language: Language, heading: Heading): string {
  switch (heading.kind) {
    case 'today':
    case 'yesterday': {
      const days = heading.kind === 'today' ? 0 : -1;
      return capitalised(new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day'));
    }
    case 'day':
      return new Date(heading.day).toLocaleDateString(language, {
        ...({ weekday: 'long', day: 'numeric', month: 'long' } as const),
        ...(!heading.isThisYear && ({ year: 'numeric' } as const)),
      });
    case 'model':
      return heading.label;
    default:
      return GALLERY_TEXTS[language].headings[heading.kind];
  }
}

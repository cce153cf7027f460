import type { Language } from '../../state/page/language-store.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

const en = {
  title: 'Compare two pictures',
  compare: 'Compare',
  close: 'Close',
  left: 'Left',
  right: 'Right',
  swap: 'Swap the pictures',
  slider: 'Slider',
  sideBySide: 'Side by side',
  zoomIn: 'Larger',
  zoomOut: 'Smaller',
  zoomed: (factor: number) => `× ${factor}`,
  scroll: 'Enlarged pictures; the arrow keys move both',
  same: 'All settings are the same.',
  unknown: 'Of one of them the settings are not known.',
  differing: 'What differs',
  setting: 'Setting',
  none: '–',
  numbered: (place: number, picture: string) => `${place}. ${picture}`,
};

type CompareTexts = typeof en;

const de: CompareTexts = {
  title: 'Zwei Bilder vergleichen',
  compare: 'Vergleichen',
  close: 'Schließen',
  left: 'Links',
  right: 'Rechts',
  swap: 'Bilder vertauschen',
  slider: 'Schieber',
  sideBySide: 'Nebeneinander',
  zoomIn: 'Größer',
  zoomOut: 'Kleiner',
  zoomed: (factor) => `× ${factor}`,
  scroll: 'Vergrößerte Bilder; die Pfeiltasten bewegen beide',
  same: 'Alle Einstellungen sind gleich.',
  unknown: 'Von einem der beiden sind die Einstellungen nicht bekannt.',
  differing: 'Was sich unterscheidet',
  setting: 'Einstellung',
  none: '–',
  numbered: (place, picture) => `${place}. ${picture}`,
};

/** The words of a comparison of two pictures, by language. */
export const COMPARE_TEXTS: Readonly<Record<Language, CompareTexts>> = { en, de };

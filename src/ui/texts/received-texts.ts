import type { Language } from '../../state/page/language-store.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

const en = {
  changes: (count: number) =>
    count === 1 ? '1 setting differs from the form' : `${count} settings differ from the form`,
  reproduce: 'Reproduce it',
  aboutReproduce:
    'Fills the form with its settings and its seed, without a start picture. Then press Generate.',
  useSettings: 'Use its settings',
  aboutBegan:
    'It cannot be painted again from this file alone. Fills the form with its settings; then choose the pictures it was made from.',
  startFrom: 'Start from it',
  aboutStartFrom: 'Image to image: it becomes the start picture, and the form stays as it is.',
  cancel: 'Cancel',
};

const de: typeof en = {
  changes: (count) =>
    count === 1 ? '1 Einstellung ist im Formular anders' : `${count} Einstellungen sind im Formular anders`,
  reproduce: 'Noch einmal malen',
  aboutReproduce:
    'Füllt das Formular mit seinen Einstellungen und seinem Seed, ohne Ausgangsbild. Danach „Malen“ drücken.',
  useSettings: 'Seine Einstellungen übernehmen',
  aboutBegan:
    'Aus dieser Datei allein lässt es sich nicht noch einmal malen. Füllt das Formular mit seinen Einstellungen; danach die Bilder wählen, aus denen es entstand.',
  startFrom: 'Damit beginnen',
  aboutStartFrom: 'Bild zu Bild: Es wird zum Ausgangsbild, und das Formular bleibt, wie es ist.',
  cancel: 'Abbrechen',
};

/** The words of the question about a picture that says how it was made. */
export const RECEIVED_TEXTS: Readonly<Record<Language, typeof en>> = { en, de };

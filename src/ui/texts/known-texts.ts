import type { Language } from '../../state/page/language-store.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

const en = {
  oneLook: (model: string) =>
    `${model} knows one look of each thing, and another seed hardly changes it. What changes a picture: colours, backgrounds, sizes, places, turns, and a second thing.`,
  search: (count: number) => `Search the ${count} things it knows`,
  surprise: 'Surprise me',
  things: 'Things',
  noneFound: (sought: string) =>
    `There is nothing called “${sought}”. Try another word for it, or what kind of thing it is: “fruit”, “building”.`,
  groups: {
    'Animals & Nature': 'Animals and plants',
    'Food & Drink': 'Food and drink',
    'Travel & Places': 'Vehicles and places',
    Activities: 'Games and celebrations',
    Objects: 'Objects',
    'Smileys & Emotion': 'Faces and hearts',
    Symbols: 'Plain shapes',
  } as Record<string, string>,
  vary: 'Change the prompt',
  unknown: (model: string, words: string) =>
    `${model} does not know: ${words}. Such words only blur the picture; take them out, or look through what it knows.`,
  german: (model: string) => `${model} reads English. In English:`,
};

type KnownTexts = typeof en;

const de: KnownTexts = {
  oneLook: (model) =>
    `${model} kennt jedes Ding in einer Gestalt, und ein anderer Seed ändert wenig daran. Was ein Bild verändert: Farbe, Hintergrund, Größe, Platz, Drehung und ein zweites Ding.`,
  search: (count) => `Die ${count} bekannten Dinge durchsuchen`,
  surprise: 'Überrasch mich',
  things: 'Dinge',
  noneFound: (sought) =>
    `„${sought}“ ist nicht dabei. Vielleicht hilft ein anderes Wort dafür oder die Art des Dings: „fruit“, „building“.`,
  groups: {
    'Animals & Nature': 'Tiere und Pflanzen',
    'Food & Drink': 'Essen und Trinken',
    'Travel & Places': 'Fahrzeuge und Orte',
    Activities: 'Spiele und Feste',
    Objects: 'Gegenstände',
    'Smileys & Emotion': 'Gesichter und Herzen',
    Symbols: 'Einfache Formen',
  },
  vary: 'Den Prompt verändern',
  unknown: (model, words) =>
    `${model} kennt nicht: ${words}. Solche Wörter machen das Bild nur unklarer; besser weglassen oder nachsehen, was bekannt ist.`,
  german: (model) => `${model} liest Englisch. Auf Englisch:`,
};

/** The texts of what the bundled model knows, by language. */
export const KNOWN_TEXTS: Readonly<Record<Language, KnownTexts>> = { en, de };

import type { Language } from '../../state/page/language-store.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

const en = {
  byClick: 'By a click',
  takeAway: 'Take away',
  howTo:
    'Mask by a click. Arrow keys move the crosshair, Enter marks the thing under it, Alt Enter takes it away. B begins a box, Enter ends it. Control Z undoes.',
  hint: 'Click on a thing, or draw a box round it. With “Take away”, or Alt held down, it is taken out of the mask; inside the thing you marked last, only what is at the click.',
  busy: {
    waits: 'Waiting for the picture that is being painted…',
    look: 'Looking at the picture, once: this can take some seconds…',
    find: 'Finding the thing…',
  },
  stop: 'Stop',
  missed: {
    outside: 'That was beside the picture. Click on the picture.',
    nothing: 'Nothing was found there. Click on another part of the thing, or draw a box round it.',
  },
};

type PickTexts = typeof en;

const de: PickTexts = {
  byClick: 'Per Klick',
  takeAway: 'Wegnehmen',
  howTo:
    'Maske per Klick. Pfeiltasten bewegen das Fadenkreuz, Eingabe markiert, was darunter ist, Alt Eingabe nimmt es weg. B beginnt einen Rahmen, Eingabe beendet ihn. Strg Z macht rückgängig.',
  hint: 'Auf ein Ding klicken, oder einen Rahmen darum ziehen. Mit „Wegnehmen“ oder gedrückter Alt-Taste wird es aus der Maske genommen; innerhalb des zuletzt markierten Dings nur, was am Klick liegt.',
  busy: {
    waits: 'Wartet auf das Bild, das gerade gemalt wird …',
    look: 'Sieht sich das Bild an, einmal: Das kann einige Sekunden dauern …',
    find: 'Sucht das Ding …',
  },
  stop: 'Anhalten',
  missed: {
    outside: 'Das war neben dem Bild. Auf das Bild klicken.',
    nothing: 'Dort wurde nichts gefunden. Auf eine andere Stelle klicken, oder einen Rahmen darum ziehen.',
  },
};

export const PICK_TEXTS = { en, de } satisfies Record<Language, PickTexts>;

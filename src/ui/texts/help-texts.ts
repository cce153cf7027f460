import type { Language } from '../../state/page/language-store.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

/** Keys as they are written on the keyboard, and what they do. */
type Shortcut = readonly [keys: string, does: string];

const en = {
  title: 'Help',
  close: 'Close',
  shortcuts: 'Keys',
  places: {
    everywhere: 'Everywhere',
    create: 'Create',
    gallery: 'Gallery',
    picture: 'One picture as large as the window',
    mask: 'Mask',
    drawing: 'Drawing',
  },
  keys: {
    everywhere: [
      ['Ctrl+Enter, ⌘+Enter', 'Generate; while a picture develops, add another one to the queue'],
      ['Esc', 'close what is open; if nothing is, stop painting'],
      ['?', 'this help'],
    ],
    create: [
      ['Ctrl+↑, Ctrl+↓', 'in a prompt: more or less weight for the words at the cursor'],
      ['↑ ↓', 'in the first or last line of a prompt: bring back an earlier one, and return'],
      ['↑ ↓, Enter, Tab, Esc', 'in a list of suggestions: choose, take, close'],
      [
        'Ctrl+Z, Ctrl+Shift+Z',
        'take back whatever has filled the form (an example, a picture’s settings), or do it again',
      ],
      ['← →', 'in the strip of the last pictures: show another one'],
      ['F', 'there: mark it as a favourite'],
    ],
    gallery: [
      ['← ↑ → ↓, Home, End', 'go to another picture'],
      ['Enter', 'open it'],
      ['X', 'select it, or no longer'],
      ['Shift+X, Shift+click', 'select all up to this one, from the one selected last'],
      ['Ctrl+click, ⌘+click', 'select a picture in place of opening it'],
    ],
    picture: [
      ['← →', 'show the one before, or the next'],
      ['Esc', 'close'],
    ],
    mask: [
      ['← ↑ → ↓', 'move the brush'],
      ['Space', 'paint'],
      ['[ ]', 'smaller, larger brush'],
      ['Enter, Alt+Enter', 'by a click: mark the thing at the crosshair, or take it away'],
      ['B, then Enter', 'by a click: a box round a thing'],
      ['Ctrl+Z, Ctrl+Shift+Z', 'undo, redo'],
    ],
    drawing: [
      ['Space, Enter', 'put the pen down, or lift it: then the picture is painted'],
      ['← ↑ → ↓', 'move the pen'],
      ['[ ]', 'smaller, larger brush'],
      ['Ctrl+Z, Ctrl+Shift+Z', 'undo, redo'],
    ],
  } satisfies Record<string, readonly Shortcut[]>,
  settings: 'What each setting does',
  /** Above the glossary. */
  words: 'Words',
  parts: 'Parts of the help',
};

export type HelpTexts = typeof en;

const de: HelpTexts = {
  title: 'Hilfe',
  close: 'Schließen',
  shortcuts: 'Tasten',
  places: {
    everywhere: 'Überall',
    create: 'Malen',
    gallery: 'Galerie',
    picture: 'Ein Bild, so groß wie das Fenster',
    mask: 'Maske',
    drawing: 'Zeichnung',
  },
  keys: {
    everywhere: [
      ['Strg+Enter, ⌘+Enter', 'malen; während ein Bild entsteht, ein weiteres in die Warteschlange stellen'],
      ['Esc', 'schließen, was offen ist; ist nichts offen, das Malen anhalten'],
      ['?', 'diese Hilfe'],
    ],
    create: [
      ['Strg+↑, Strg+↓', 'im Prompt: die Wörter am Cursor mehr oder weniger gewichten'],
      ['↑ ↓', 'in der ersten oder letzten Zeile eines Prompts: einen früheren holen, und zurückkehren'],
      ['↑ ↓, Enter, Tab, Esc', 'in einer Liste von Vorschlägen: wählen, nehmen, schließen'],
      [
        'Strg+Z, Strg+Umschalt+Z',
        'zurücknehmen, was das Formular ausgefüllt hat (ein Beispiel, die Einstellungen eines Bildes), oder es wiederholen',
      ],
      ['← →', 'im Streifen der letzten Bilder: ein anderes zeigen'],
      ['F', 'dort: es zum Favoriten machen'],
    ],
    gallery: [
      ['← ↑ → ↓, Pos1, Ende', 'zu einem anderen Bild gehen'],
      ['Enter', 'es öffnen'],
      ['X', 'es auswählen, oder nicht mehr'],
      ['Umschalt+X, Umschalt+Klick', 'alle bis zu diesem auswählen, ab dem zuletzt ausgewählten'],
      ['Strg+Klick, ⌘+Klick', 'ein Bild auswählen, statt es zu öffnen'],
    ],
    picture: [
      ['← →', 'das vorige oder das nächste zeigen'],
      ['Esc', 'schließen'],
    ],
    mask: [
      ['← ↑ → ↓', 'den Pinsel bewegen'],
      ['Leertaste', 'malen'],
      ['[ ]', 'kleinerer, größerer Pinsel'],
      ['Eingabe, Alt+Eingabe', 'per Klick: das Ding am Fadenkreuz markieren oder wegnehmen'],
      ['B, dann Eingabe', 'per Klick: ein Rahmen um ein Ding'],
      ['Strg+Z, Strg+Umschalt+Z', 'zurücknehmen, wiederherstellen'],
    ],
    drawing: [
      ['Leertaste, Eingabe', 'den Stift aufsetzen oder abheben: dann wird das Bild gemalt'],
      ['← ↑ → ↓', 'den Stift bewegen'],
      ['[ ]', 'kleinerer, größerer Pinsel'],
      ['Strg+Z, Strg+Umschalt+Z', 'zurücknehmen, wiederherstellen'],
    ],
  },
  settings: 'Was jede Einstellung tut',
  words: 'Wörter',
  parts: 'Teile der Hilfe',
};

export const HELP_TEXTS: Readonly<Record<Language, HelpTexts>> = { en, de };

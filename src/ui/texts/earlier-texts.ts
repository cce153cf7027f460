import type { Language } from '../../state/page/language-store.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

const en = {
  about:
    'Press one to put it into the field. In the field, ↑ and ↓ go through them too. They stay on this device.',
  none: 'None are left.',
  remove: (text: string) => `Delete “${text.slice(0, 60)}”`,
  deleteAll: 'Delete all',
  deleteReally: (count: number) => (count === 1 ? 'Really delete it' : `Really delete all ${count}`),
  close: 'Close',
};

const de: typeof en = {
  about:
    'Einen drücken, um ihn in das Feld zu setzen. Im Feld gehen ↑ und ↓ auch durch sie hindurch. Sie bleiben auf diesem Gerät.',
  none: 'Keiner ist mehr da.',
  remove: (text) => `„${text.slice(0, 60)}“ löschen`,
  deleteAll: 'Alle löschen',
  deleteReally: (count) => (count === 1 ? 'Wirklich löschen' : `Wirklich alle ${count} löschen`),
  close: 'Schließen',
};

/** The words of the list of earlier prompts. */
export const EARLIER_TEXTS: Readonly<Record<Language, typeof en>> = { en, de };

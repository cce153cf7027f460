import type { WordListFault } from '../../state/form/word-list.ts';
import type { Language } from '../../state/page/language-store.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

const count = (words: number, one: string, many: string) => `${words} ${words === 1 ? one : many}`;
const quotedNames = (names: readonly string[]) => names.map((name) => `“${name}”`).join(', ');
const zitierteNamen = (names: readonly string[]) => names.map((name) => `„${name}“`).join(', ');

const en = {
  heading: 'Wildcards',
  about:
    'In a prompt {red|blue} is one of the two, and __name__ a line of the list of that name. The seed chooses, for each picture anew, and what was chosen stands in the picture.',
  add: 'Add lists (.txt)',
  words: (words: number) => count(words, 'line', 'lines'),
  insert: (name: string) => `Put __${name}__ into the prompt`,
  remove: (name: string) => `Delete the list “${name}”`,
  changed: (names: readonly string[]) => `Replaced or deleted: ${quotedNames(names)}.`,
  undo: 'Undo',
  fault(fault: WordListFault): string {
    switch (fault.kind) {
      case 'too-large':
        return `“${fault.name}” was not added: it is larger than ${fault.most / 1e6} MB. Split it into several lists.`;
      case 'no-text':
        return `“${fault.name}” was not added: it is no text. Choose a .txt file with one entry on each line.`;
      case 'no-words':
        return `“${fault.name}” was not added: there is nothing in it but comments and empty lines, or its name has no letter. Write one entry on each line.`;
    }
  },
  unknown: (names: readonly string[]) =>
    `There is no list called ${quotedNames(names)}: such words stay as they are. Add a .txt file of that name under Styles and wildcards.`,
  unread: (sign: string) =>
    `“${sign}” is painted as it stands: of alternatives one is chosen, each as often as the others. Take it out.`,
  chosenFrom: 'This text was chosen from:',
  useTemplate: 'Use this again',
};

const de: typeof en = {
  heading: 'Wildcards',
  about:
    'In einem Prompt ist {red|blue} eins von beiden, und __name__ eine Zeile der Liste dieses Namens. Der Seed wählt, für jedes Bild neu, und was gewählt wurde, steht im Bild.',
  add: 'Listen hinzufügen (.txt)',
  words: (words) => count(words, 'Zeile', 'Zeilen'),
  insert: (name) => `__${name}__ in den Prompt setzen`,
  remove: (name) => `Die Liste „${name}“ löschen`,
  changed: (names) => `Ersetzt oder gelöscht: ${zitierteNamen(names)}.`,
  undo: 'Rückgängig',
  fault(fault) {
    switch (fault.kind) {
      case 'too-large':
        return `„${fault.name}“ wurde nicht hinzugefügt: Die Datei ist größer als ${fault.most / 1e6} MB. Auf mehrere Listen verteilen.`;
      case 'no-text':
        return `„${fault.name}“ wurde nicht hinzugefügt: Das ist kein Text. Eine .txt-Datei mit einem Eintrag je Zeile wählen.`;
      case 'no-words':
        return `„${fault.name}“ wurde nicht hinzugefügt: Darin sind nur Kommentare und leere Zeilen, oder der Name hat keinen Buchstaben. Einen Eintrag je Zeile schreiben.`;
    }
  },
  unknown: (names) =>
    `Eine Liste namens ${zitierteNamen(names)} gibt es nicht: Solche Wörter bleiben, wie sie sind. Unter „Stile und Wildcards“ eine .txt-Datei dieses Namens hinzufügen.`,
  unread: (sign) =>
    `„${sign}“ wird gemalt, wie es dasteht: Von Alternativen wird eine gewählt, jede gleich oft. Es herausnehmen.`,
  chosenFrom: 'Dieser Text wurde gewählt aus:',
  useTemplate: 'Wieder verwenden',
};

/** The words of wildcards. */
export const WILDCARD_TEXTS: Readonly<Record<Language, typeof en>> = { en, de };

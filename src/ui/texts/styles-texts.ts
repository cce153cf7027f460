import type { StylesFault } from '../../state/form/styles-csv.ts';
import type { Language } from '../../state/page/language-store.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

const en = {
  heading: 'Styles',
  about:
    'A style is put behind the prompt when a picture is made, or around it where the style says {prompt}. Press one to choose it; several can be chosen.',
  none: 'There is none yet. Make one from the form, or import A1111’s styles.csv.',
  edit: (name: string) => `Edit the style “${name}”`,
  remove: (name: string) => `Delete the style “${name}”`,
  withSettings: 'with settings',
  make: 'New from the form',
  importCsv: 'Import styles.csv',
  exportCsv: 'Export styles.csv',
  name: 'Name',
  prompt: 'Prompt',
  negativePrompt: 'Negative prompt',
  settings: 'With the form’s settings: size, steps, guidance, sampler and the like',
  settingsAsNow: 'Keep settings with it: those of the form as it is now',
  save: 'Save',
  cancel: 'Cancel',
  nameMissing: 'Give the style a name.',
  replaces: (name: string) => `There is a style “${name}”: it will be replaced.`,
  changed: (names: readonly string[]) =>
    `Replaced or deleted: ${names.map((name) => `“${name}”`).join(', ')}.`,
  undo: 'Undo',
  fault(fault: StylesFault): string {
    switch (fault.kind) {
      case 'too-large':
        return `“${fault.name}” was not read: it is larger than ${fault.most / 1e6} MB. Split it into several files.`;
      case 'no-styles':
        return `“${fault.name}” has no styles: its first line must name the columns, name,prompt,negative_prompt. Choose A1111’s styles.csv.`;
      case 'unnamed':
        return `In “${fault.name}” ${fault.count === 1 ? 'a row has' : `${fault.count} rows have`} no name and was left out. Give it one and import the file again.`;
      case 'twice':
        return `In “${fault.name}” several rows have the name ${fault.names.map((name) => `“${name}”`).join(', ')}: the last one was taken, as in A1111. Rename the others to keep them.`;
    }
  },
  chosen: 'Styles',
  takeOut: (name: string) => `Take out the style ${name}`,
  gone: 'is not here',
};

const de: typeof en = {
  heading: 'Stile',
  about:
    'Ein Stil kommt hinter den Prompt, wenn ein Bild gemalt wird, oder um ihn herum, wo im Stil {prompt} steht. Einen drücken, um ihn zu wählen; es können mehrere sein.',
  none: 'Es gibt noch keinen. Einen aus dem Formular machen oder die styles.csv von A1111 importieren.',
  edit: (name) => `Den Stil „${name}“ bearbeiten`,
  remove: (name) => `Den Stil „${name}“ löschen`,
  withSettings: 'mit Einstellungen',
  make: 'Neu aus dem Formular',
  importCsv: 'styles.csv importieren',
  exportCsv: 'styles.csv exportieren',
  name: 'Name',
  prompt: 'Prompt',
  negativePrompt: 'Negativer Prompt',
  settings: 'Mit den Einstellungen des Formulars: Größe, Schritte, Guidance, Sampler und dergleichen',
  settingsAsNow: 'Einstellungen dazu behalten: die des Formulars, wie es jetzt ist',
  save: 'Speichern',
  cancel: 'Abbrechen',
  nameMissing: 'Dem Stil einen Namen geben.',
  replaces: (name) => `Einen Stil „${name}“ gibt es: Er wird ersetzt.`,
  changed: (names) => `Ersetzt oder gelöscht: ${names.map((name) => `„${name}“`).join(', ')}.`,
  undo: 'Rückgängig',
  fault(fault) {
    switch (fault.kind) {
      case 'too-large':
        return `„${fault.name}“ wurde nicht gelesen: Die Datei ist größer als ${fault.most / 1e6} MB. Auf mehrere Dateien verteilen.`;
      case 'no-styles':
        return `In „${fault.name}“ sind keine Stile: Die erste Zeile muss die Spalten nennen, name,prompt,negative_prompt. Die styles.csv von A1111 wählen.`;
      case 'unnamed':
        return `In „${fault.name}“ ${fault.count === 1 ? 'hat eine Zeile' : `haben ${fault.count} Zeilen`} keinen Namen und wurde ausgelassen. Einen Namen geben und die Datei noch einmal importieren.`;
      case 'twice':
        return `In „${fault.name}“ haben mehrere Zeilen den Namen ${fault.names.map((name) => `„${name}“`).join(', ')}: Die letzte gilt, wie in A1111. Die anderen umbenennen, um sie zu behalten.`;
    }
  },
  chosen: 'Stile',
  takeOut: (name) => `Den Stil ${name} herausnehmen`,
  gone: 'ist nicht da',
};

/** The words of styles. */
export const STYLES_TEXTS: Readonly<Record<Language, typeof en>> = { en, de };

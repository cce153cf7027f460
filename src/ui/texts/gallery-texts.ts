import type { Heading, Sort } from '../../state/gallery/gallery-order.ts';
import type { ThumbnailSize } from '../../state/gallery/gallery-view-store.ts';
import type { Language } from '../../state/page/language-store.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

const en = {
  toolbar: 'Find, sort and select',
  /** Before anything is typed; its name says what is searched. */
  search: 'Search…',
  more: 'Sort and filter',
  sort: 'Sort',
  sorts: {
    newest: 'Newest first',
    oldest: 'Oldest first',
    favourites: 'Favourites first',
    model: 'By model',
    prompt: 'By prompt',
  } as Readonly<Record<Sort, string>>,
  size: 'Size of the thumbnails',
  sizes: { small: 'Small', medium: 'Medium', large: 'Large' } as Readonly<Record<ThumbnailSize, string>>,
  tag: 'Tag',
  everyTag: 'All tags',
  counted: (tag: string, count: number) => `${tag} (${count})`,
  headings: {
    favourites: 'Favourites',
    others: 'Other pictures',
    'unknown-model': 'Model not known',
  } as Readonly<Record<Exclude<Heading['kind'], 'today' | 'yesterday' | 'day' | 'model'>, string>>,
  stack: (count: number, prompt: string) => `Experiment of ${count} pictures: ${prompt}`,
  leaveExperiment: '← All pictures',
  clearFilters: 'Clear all filters',
  previous: 'Previous',
  next: 'Next',

  tags: 'Tags',
  editTags: 'Tags…',
  tagsOf: (count: number) => (count === 1 ? 'Tags of 1 picture' : `Tags of ${count} pictures`),
  none: 'No tags yet.',
  newTag: 'New tag',
  separate: 'Commas separate several.',
  add: 'Add',
  remove: (tag: string) => `Remove the tag ${tag}`,
  ofSome: (tag: string, count: number, total: number) => `${tag} (${count} of ${total})`,
  done: 'Done',
};

type GalleryTexts = typeof en;

const de: GalleryTexts = {
  toolbar: 'Suchen, sortieren und auswählen',
  search: 'Suchen …',
  more: 'Sortieren und filtern',
  sort: 'Reihenfolge',
  sorts: {
    newest: 'Neueste zuerst',
    oldest: 'Älteste zuerst',
    favourites: 'Favoriten zuerst',
    model: 'Nach Modell',
    prompt: 'Nach Prompt',
  },
  size: 'Größe der Vorschaubilder',
  sizes: { small: 'Klein', medium: 'Mittel', large: 'Groß' },
  tag: 'Schlagwort',
  everyTag: 'Alle Schlagwörter',
  counted: (tag, count) => `${tag} (${count})`,
  headings: { favourites: 'Favoriten', others: 'Andere Bilder', 'unknown-model': 'Modell unbekannt' },
  stack: (count, prompt) => `Versuch mit ${count} Bildern: ${prompt}`,
  leaveExperiment: '← Alle Bilder',
  clearFilters: 'Alle Filter löschen',
  previous: 'Voriges',
  next: 'Nächstes',

  tags: 'Schlagwörter',
  editTags: 'Schlagwörter …',
  tagsOf: (count) => (count === 1 ? 'Schlagwörter von 1 Bild' : `Schlagwörter von ${count} Bildern`),
  none: 'Noch keine Schlagwörter.',
  newTag: 'Neues Schlagwort',
  separate: 'Kommas trennen mehrere.',
  add: 'Hinzufügen',
  remove: (tag) => `Das Schlagwort ${tag} entfernen`,
  ofSome: (tag, count, total) => `${tag} (${count} von ${total})`,
  done: 'Fertig',
};

/** The words of the gallery, beside those of the page's dictionary that other screens use too, by language. */
export const GALLERY_TEXTS: Readonly<Record<Language, GalleryTexts>> = { en, de };

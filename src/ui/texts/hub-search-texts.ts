import type { FoundRepo, NotRunHere } from '../../protocol/models.ts';
import type { Language } from '../../state/page/language-store.ts';
import type { TextsFor } from './text-of.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

const en = {
  label: 'Search the Hub',
  words: 'Words in a model’s name',
  search: 'Search',
  searching: 'Searching…',
  privacy: (host: string) => `What you type here is sent to ${host}, and only when you press Search.`,
  nothing: (words: string) =>
    `No model that makes pictures from text has “${words}” in its name. Try fewer or other words.`,
  count: (count: number) => (count === 1 ? '1 model found' : `${count} models found`),
  others: (count: number) => `${count} more that cannot run here`,
  onlyOthers: 'None of those that were found can run here.',
  runs: 'Runs here',
  runsWith: (family: string) => `Works with ${family} models`,
  needs: (size: string, room: string) => `Needs about ${size} of memory; about ${room} are expected here`,
  unclear: 'Look it up to see whether it runs here',
  notHere: {
    'other-pipeline': ({ found }) => `Cannot run here: it is made for another kind of model (${found})`,
    'other-base': ({ found }) => `Cannot run here: it changes another kind of model (${found})`,
    'only-pickles': () => 'Cannot run here: its files are pickles, which can run code',
  } satisfies TextsFor<NotRunHere> as TextsFor<NotRunHere>,
  families: { sd1: 'Stable Diffusion 1 or 2', sdxl: 'SDXL' } satisfies Record<
    Exclude<FoundRepo['family'], null>,
    string
  >,
  lora: (base: string | null) => (base === null ? 'a LoRA' : `a LoRA for ${base}`),
  downloads: (count: number) => `${count.toLocaleString('en', { notation: 'compact' })} downloads in 30 days`,
  stored: (size: string) => `at most ${size} to download`,
  licenceUnknown: 'licence not stated',
  gated: 'asks you to accept its terms',
  lookUp: 'Look up',
  lookUpRepo: (repo: string) => `Look up ${repo}`,
};

const de: typeof en = {
  label: 'Im Hub suchen',
  words: 'Wörter im Namen eines Modells',
  search: 'Suchen',
  searching: 'Sucht …',
  privacy: (host) => `Was hier steht, geht an ${host}, und erst, wenn „Suchen“ gedrückt wird.`,
  nothing: (words) =>
    `Kein Modell, das aus Text Bilder macht, hat „${words}“ im Namen. Weniger oder andere Wörter versuchen.`,
  count: (count) => (count === 1 ? '1 Modell gefunden' : `${count} Modelle gefunden`),
  others: (count) =>
    count === 1 ? '1 weiteres, das hier nicht läuft' : `${count} weitere, die hier nicht laufen`,
  onlyOthers: 'Keines der gefundenen läuft hier.',
  runs: 'Läuft hier',
  runsWith: (family) => `Passt zu Modellen der Art ${family}`,
  needs: (size, room) => `Braucht etwa ${size} Speicher; hier werden etwa ${room} erwartet`,
  unclear: 'Nachsehen zeigt, ob es hier läuft',
  notHere: {
    'other-pipeline': ({ found }) => `Läuft hier nicht: Es ist für eine andere Art Modell gemacht (${found})`,
    'other-base': ({ found }) => `Läuft hier nicht: Es verändert eine andere Art Modell (${found})`,
    'only-pickles': () => 'Läuft hier nicht: Seine Dateien sind Pickles, die Programme ausführen können',
  },
  families: { sd1: 'Stable Diffusion 1 oder 2', sdxl: 'SDXL' },
  lora: (base) => (base === null ? 'eine LoRA' : `eine LoRA für ${base}`),
  downloads: (count) => `${count.toLocaleString('de', { notation: 'compact' })} Downloads in 30 Tagen`,
  stored: (size) => `höchstens ${size} zu laden`,
  licenceUnknown: 'Lizenz nicht genannt',
  gated: 'verlangt, seine Bedingungen anzunehmen',
  lookUp: 'Nachsehen',
  lookUpRepo: (repo) => `Nachsehen: ${repo}`,
};

/** The words of the search on the Hub. */
export const HUB_SEARCH_TEXTS: Readonly<Record<Language, typeof en>> = { en, de };

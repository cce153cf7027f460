import { createJSONStorage, type PersistOptions, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { GenerationDefaults, ModelId } from '../../catalog/models.ts';
import { OWN_COMPONENTS } from '../../protocol/generation.ts';
import { ownName } from '../../protocol/root.ts';
import {
  NUMBER_NAMES,
  type NumberName,
  SETTING_NAMES,
  SETTINGS,
  settingOf,
  TEXT_NAMES,
} from '../../protocol/settings.ts';
import {
  acceptField,
  type Fields,
  fieldsOf,
  freshFields,
  isTooLong,
  modelFields,
  parseNumber,
  snap,
  usualFields,
} from './fields.ts';
import { type FormRequest, toFormRequest } from './form-request.ts';
import { type Link, linkParameters, type Refused } from './url.ts';

/** What is said beside a number field: it holds what it does not accept, or its number was changed to one that it does. */
export type Note = { readonly kind: 'fault' } | { readonly kind: 'snapped'; readonly to: number };

/** The form, and what can be done with it. It is stored between visits. */
export interface Settings {
  readonly fields: Fields;
  /** The names of the styles that are chosen, in the order chosen. */
  readonly styles: readonly string[];
  /** A locked seed stays. An unlocked one is used once: the next request draws another. */
  readonly seedLocked: boolean;
  /** The seed of the last request, which is not used again unless it is locked. */
  readonly spentSeed: string | null;
  readonly notes: Partial<Record<NumberName, Note>>;
  /** What a link asked for and was ignored. */
  readonly refused: readonly Refused[];

  set<K extends keyof Fields>(field: K, value: Fields[K]): void;
  /** Chooses another model, with its usual settings and its own components. */
  chooseModel(model: ModelId, defaults: GenerationDefaults): void;
  /** Takes the model's defaults for all but the texts, the model, the seed, and what belongs to this device or person. */
  reset(defaults: GenerationDefaults): void;
  /** Call when number fields lose focus: notes those that hold no accepted number, and snaps the others. */
  commit(...fields: readonly NumberName[]): void;
  /** Fills in what a link says. */
  apply(link: Link): void;
  dismissRefused(): void;
  chooseStyles(names: readonly string[]): void;
  setSeedLocked(locked: boolean): void;
  drawSeed(): void;
  /** Puts a picture's seed into the field and locks it. */
  reuseSeed(seed: number): void;
  /** Commits all fields and returns the request, with a new seed if the old one is spent; null if a field has a fault. */
  submit(): FormRequest | null;
}

/** `drawSeed` returns a whole number from 0 to 2³²−1; `storage` is where the form is stored between visits. */
export function createSettingsStore(drawSeed: () => number, storage: () => StateStorage): StoreApi<Settings> {
  return createStore<Settings>()(
    persist(
      (set, get) => ({
        fields: freshFields(drawSeed()),
        styles: [],
        seedLocked: false,
        spentSeed: null,
        notes: {},
        refused: [],

        set(field, value) {
          const { [field as NumberName]: _, ...notes } = get().notes;
          set({ fields: { ...get().fields, [field]: value }, notes });
          if (field === 'seed') set({ spentSeed: null });
        },

        chooseModel(model, defaults) {
          if (model === get().fields.model) return;
          set({
            fields: { ...get().fields, ...modelFields(defaults), ...fieldsOf(OWN_COMPONENTS), model },
            notes: {},
          });
        },

        reset(defaults) {
          set({ fields: { ...get().fields, ...usualFields(defaults) }, notes: {}, seedLocked: false });
        },

        commit(...left) {
          let { fields, notes } = get();
          for (const field of left) {
            const { text, note } = committed(field, fields[field]);
            fields = { ...fields, [field]: text };
            if (note) notes = { ...notes, [field]: note };
          }
          set({ fields, notes });
        },

        apply(link) {
          set({ fields: { ...get().fields, ...link.fields }, refused: link.refused, notes: {} });
          if (link.fields.seed !== undefined) set({ spentSeed: null });
          // A prompt without styles is whole.
          const styles = link.styles ?? (link.fields.prompt === undefined ? null : []);
          if (styles) set({ styles });
          get().commit(...NUMBER_NAMES);
        },

        dismissRefused: () => set({ refused: [] }),
        chooseStyles: (styles) => set({ styles }),
        setSeedLocked: (seedLocked) => set({ seedLocked }),
        drawSeed: () => get().set('seed', String(drawSeed())),

        reuseSeed(seed) {
          get().set('seed', String(seed));
          set({ seedLocked: true });
        },

        submit() {
          const { seedLocked, spentSeed, fields } = get();
          if (!seedLocked && fields.seed === spentSeed) get().drawSeed();
          get().commit(...NUMBER_NAMES);
          if (Object.values(get().notes).some((note) => note.kind === 'fault')) return null;
          if (TEXT_NAMES.some((name) => isTooLong(name, get().fields[name]))) return null;
          set({ spentSeed: get().fields.seed, refused: [] });
          return toFormRequest(get().fields);
        },
      }),
      storedIn(storage),
    ),
  );
}

/** What is stored between visits: the form, by the names that a link has for its settings; texts of any length. */
interface Stored {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly seedLocked: boolean;
  readonly styles: readonly string[];
}

function storedIn(storage: () => StateStorage): PersistOptions<Settings, Stored> {
  return {
    name: ownName('settings'),
    version: 1,
    storage: createJSONStorage(storage),
    partialize: ({ fields, seedLocked, styles }) => ({
      fields: { ...linkParameters(fields), ...typedTexts(fields) },
      seedLocked,
      styles,
    }),
    migrate: (stored) => stored as Stored,
    merge: restore,
  };
}

const typedTexts = (fields: Fields) =>
  Object.fromEntries(TEXT_NAMES.map((name) => [settingOf(name).link, fields[name]]));

/** What a number field holds once it has lost focus, and what is said about it. */
function committed(name: NumberName, text: string): { text: string; note?: Note } {
  const value = parseNumber(SETTINGS[name], text);
  if (value === null) return { text, note: { kind: 'fault' } };
  const snapped = snap(SETTINGS[name], value);
  if (snapped === value) return { text: String(value) };
  return { text: String(snapped), note: { kind: 'snapped', to: snapped } };
}

/** A fresh form with as much of the stored one as its fields accept, and with its texts as they were typed. An unlocked seed is not restored. */
function restore(stored: unknown, fresh: Settings): Settings {
  if (!isRecord(stored) || !isRecord(stored.fields)) return fresh;
  const seedLocked = stored.seedLocked === true;
  let { fields } = fresh;
  for (const name of SETTING_NAMES) {
    if (name === 'seed' && !seedLocked) continue;
    const { kind, link } = settingOf(name);
    const field = stored.fields[link];
    const value = kind === 'text' && typeof field === 'string' ? field : acceptField(name, field);
    if (value !== null) fields = { ...fields, [name]: value };
  }
  const styles = Array.isArray(stored.styles) ? stored.styles.filter((name) => typeof name === 'string') : [];
  return { ...fresh, fields, seedLocked, styles };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

import { createJSONStorage, type PersistOptions, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { GenerationDefaults, ModelId } from '../../catalog/models.ts';
import { ownName } from '../../protocol/root.ts';
import {
  acceptField,
  defaultFields,
  type Fields,
  type FormRequest,
  modelFields,
  NUMBER_FIELDS,
  type NumberField,
  parseNumber,
  snapSize,
  toRequest,
} from './fields.ts';
import type { Link, Refused } from './url.ts';

/** What there is to say beside a number field: it does not accept what it holds, or a size was snapped. */
export type Note = { readonly kind: 'fault' } | { readonly kind: 'snapped'; readonly to: number };

/** The form, and what can be done with it. The only store that outlives the page. */
export interface Settings {
  readonly fields: Fields;
  /** A locked seed is kept. An unlocked one is used once: the next request draws another. */
  readonly seedLocked: boolean;
  /** The seed of the last request: spent, unless locked. */
  readonly spentSeed: string | null;
  readonly notes: Partial<Record<NumberField, Note>>;
  /** What a link asked for in vain. */
  readonly refused: readonly Refused[];

  set<K extends keyof Fields>(field: K, value: Fields[K]): void;
  /** Another model, and with it what is usual for it. */
  chooseModel(model: ModelId, defaults: GenerationDefaults): void;
  /** Number fields are left: refuse what they do not accept, snap a size, and say either. */
  commit(...left: readonly NumberField[]): void;
  /** Fills in what a link sets. */
  apply(link: Link): void;
  dismissRefused(): void;
  setSeedLocked(locked: boolean): void;
  drawSeed(): void;
  /** Puts a picture's seed into the field and locks it. */
  reuseSeed(seed: number): void;
  /** Commits every field and gives the request, its seed drawn; null when a field is refused. */
  submit(): FormRequest | null;
}

/** What belongs to the model before is not taken over to the next. */
export const OWN_COMPONENTS = {
  textEncoder: '',
  unet: '',
  vae: '',
  preview: '',
  weights: 'full',
} as const satisfies Partial<Fields>;

/** `drawSeed` gives a whole number from 0 to 2³²−1; `storage` keeps the form between visits. */
export function createSettingsStore(drawSeed: () => number, storage: () => StateStorage): StoreApi<Settings> {
  return createStore<Settings>()(
    persist(
      (set, get) => ({
        fields: defaultFields(drawSeed()),
        seedLocked: false,
        spentSeed: null,
        notes: {},
        refused: [],

        set(field, value) {
          const { [field as NumberField]: _, ...notes } = get().notes;
          set({ fields: { ...get().fields, [field]: value }, notes });
          if (field === 'seed') set({ spentSeed: null });
        },

        chooseModel(model, defaults) {
          if (model === get().fields.model) return;
          set({
            fields: { ...get().fields, ...modelFields(defaults), ...OWN_COMPONENTS, model },
            notes: {},
          });
        },

        commit(...left) {
          const fields = { ...get().fields };
          const notes = { ...get().notes };
          for (const field of left) {
            const { text, note } = committed(field, fields[field]);
            fields[field] = text;
            if (note) notes[field] = note;
          }
          set({ fields, notes });
        },

        apply(link) {
          set({ fields: { ...get().fields, ...link.fields }, refused: link.refused, notes: {} });
          if (link.fields.seed !== undefined) set({ spentSeed: null });
          get().commit(...NUMBER_FIELDS);
        },

        dismissRefused: () => set({ refused: [] }),
        setSeedLocked: (seedLocked) => set({ seedLocked }),
        drawSeed: () => get().set('seed', String(drawSeed())),

        reuseSeed(seed) {
          get().set('seed', String(seed));
          set({ seedLocked: true });
        },

        submit() {
          const { seedLocked, spentSeed, fields } = get();
          if (!seedLocked && fields.seed === spentSeed) get().drawSeed();
          get().commit(...NUMBER_FIELDS);
          if (Object.values(get().notes).some((note) => note.kind === 'fault')) return null;
          set({ spentSeed: get().fields.seed, refused: [] });
          return toRequest(get().fields);
        },
      }),
      keptIn(storage),
    ),
  );
}

/** What is kept between visits, and how it comes back: field by field, through the same gate as a link. */
function keptIn(
  storage: () => StateStorage,
): PersistOptions<Settings, Pick<Settings, 'fields' | 'seedLocked'>> {
  return {
    name: ownName('settings'),
    version: 1,
    storage: createJSONStorage(storage),
    partialize: ({ fields, seedLocked }) => ({ fields, seedLocked }),
    migrate: (stored) => stored as Pick<Settings, 'fields' | 'seedLocked'>,
    merge: restore,
  };
}

/** What a number field holds once it is left, and what there is to say about it. */
function committed(field: NumberField, text: string): { text: string; note?: Note } {
  const value = parseNumber(field, text);
  if (value === null) {
    return { text, note: { kind: 'fault' } };
  }
  if (field !== 'width' && field !== 'height') return { text: String(value) };
  const snapped = snapSize(value);
  if (snapped === value) return { text: String(value) };
  return { text: String(snapped), note: { kind: 'snapped', to: snapped } };
}

/** A stored form laid over a fresh one, as far as it can be understood. An unlocked seed is not kept. */
function restore(stored: unknown, fresh: Settings): Settings {
  if (!isRecord(stored) || !isRecord(stored.fields)) return fresh;
  const seedLocked = stored.seedLocked === true;
  const fields: Record<string, unknown> = { ...fresh.fields };
  for (const name of Object.keys(fresh.fields) as (keyof Fields)[]) {
    if (name === 'seed' && !seedLocked) continue;
    const value = acceptField(name, stored.fields[name]);
    if (value !== null) fields[name] = value;
  }
  return { ...fresh, fields: fields as unknown as Fields, seedLocked };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { GenerationRequest } from '../protocol/calls.ts';
import {
  acceptField,
  defaultFields,
  type Fields,
  NUMBER_FIELDS,
  NUMBER_RULES,
  type NumberField,
  parseNumber,
  rangeText,
  snapSize,
  toRequest,
} from './fields.ts';
import type { Link } from './url.ts';

/** A word beside a number field. */
export interface Note {
  readonly kind: 'fault' | 'snapped';
  readonly text: string;
}

export interface Settings {
  readonly fields: Fields;
  /** A locked seed is kept. An unlocked one is used once: the next request draws another. */
  readonly seedLocked: boolean;
  /** The seed of the last request: spent, unless locked. */
  readonly spentSeed: string | null;
  readonly notes: Partial<Record<NumberField, Note>>;
  /** What a link asked for in vain. */
  readonly refused: readonly string[];

  set<K extends keyof Fields>(field: K, value: Fields[K]): void;
  /** A number field is left: refuse what it does not accept, snap a size, and say either. */
  commit(field: NumberField): void;
  /** Fills in what a link sets. */
  apply(link: Link): void;
  dismissRefused(): void;
  setSeedLocked(locked: boolean): void;
  drawSeed(): void;
  /** Puts a picture's seed into the field and locks it. */
  reuseSeed(seed: number): void;
  /** Commits every field and gives the request, its seed drawn; null when a field is refused. */
  submit(): GenerationRequest | null;
}

/** `drawSeed` gives a whole number from 0 to 2³²−1; `storage` keeps the form between visits. */
export function createSettingsStore(drawSeed: () => number, storage: () => StateStorage): StoreApi<Settings> {
  return createStore<Settings>()(
    persist(
      (set, get) => ({
        fields: defaultFields('trinket', drawSeed()),
        seedLocked: false,
        spentSeed: null,
        notes: {},
        refused: [],

        set(field, value) {
          const { [field as NumberField]: _, ...notes } = get().notes;
          set({ fields: { ...get().fields, [field]: value }, notes });
          if (field === 'seed') set({ spentSeed: null });
        },

        commit(field) {
          const { text, note } = committed(field, get().fields[field]);
          const { [field]: old, ...notes } = get().notes;
          const kept = note ?? (old?.kind === 'snapped' ? old : undefined);
          set({
            fields: { ...get().fields, [field]: text },
            notes: kept ? { ...notes, [field]: kept } : notes,
          });
        },

        apply(link) {
          set({ fields: { ...get().fields, ...link.fields }, refused: link.refused, notes: {} });
          if (link.fields.seed !== undefined) set({ spentSeed: null });
          for (const field of NUMBER_FIELDS) get().commit(field);
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
          for (const field of NUMBER_FIELDS) get().commit(field);
          if (Object.values(get().notes).some((note) => note.kind === 'fault')) return null;
          set({ spentSeed: get().fields.seed, refused: [] });
          return toRequest(get().fields);
        },
      }),
      {
        name: 'safelight.settings',
        version: 1,
        storage: createJSONStorage(storage),
        partialize: ({ fields, seedLocked }) => ({ fields, seedLocked }),
        // Another version's form goes through the same gate, field by field.
        migrate: (stored) => stored as { fields: Fields; seedLocked: boolean },
        merge: (stored, fresh) => restore(stored, fresh),
      },
    ),
  );
}

/** What a number field holds once it is left, and what there is to say about it. */
function committed(field: NumberField, text: string): { text: string; note?: Note } {
  const value = parseNumber(field, text);
  if (value === null) {
    return {
      text,
      note: { kind: 'fault', text: `${NUMBER_RULES[field].label} must be ${rangeText(field)}.` },
    };
  }
  if (field !== 'width' && field !== 'height') return { text: String(value) };
  const snapped = snapSize(value);
  if (snapped === value) return { text: String(value) };
  return {
    text: String(snapped),
    note: { kind: 'snapped', text: `Snapped to ${snapped}: sizes go in steps of 8.` },
  };
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

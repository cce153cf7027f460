import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FewSteps } from '../../catalog/fast.ts';
import { ownName } from '../../protocol/root.ts';
import { acceptField, type Fields, fieldsOf } from './fields.ts';

/** The settings that few-step weights set together. */
export const FEW_STEP_NAMES = [
  'numInferenceSteps',
  'guidanceScale',
  'scheduler',
  'schedule',
  'eta',
] as const satisfies readonly (keyof Fields)[];
export type FewStepFields = Pick<Fields, (typeof FEW_STEP_NAMES)[number]>;

/** The same as the form holds them; each of those samplers has its own schedule. */
export const fewStepFields = (settings: FewSteps): FewStepFields => fieldsOf({ ...settings, schedule: null });

export const fewStepFieldsOf = (fields: FewStepFields): FewStepFields =>
  Object.fromEntries(FEW_STEP_NAMES.map((name) => [name, fields[name]])) as FewStepFields;

/** What Fast has set, and what was there before. */
export interface FastChange {
  readonly set: FewStepFields;
  readonly before: FewStepFields;
}

/** The last change by Fast, which outlives the page. */
export interface Fast {
  readonly change: FastChange | null;
  note(change: FastChange): void;
}

/** @param storage keeps the change between visits */
export function createFastStore(storage: () => StateStorage): StoreApi<Fast> {
  return createStore<Fast>()(
    persist(
      (set) => ({
        change: null,
        note: (change) => set({ change }),
      }),
      {
        name: ownName('fast'),
        version: 1,
        storage: createJSONStorage(storage),
        partialize: ({ change }) => ({ change }),
        merge: (stored, fresh) => {
          const change = (stored as { change?: Record<string, unknown> | null } | null | undefined)?.change;
          const [set, before] = [accepted(change?.set), accepted(change?.before)];
          return { ...fresh, change: set && before ? { set, before } : null };
        },
      },
    ),
  );
}

function accepted(stored: unknown): FewStepFields | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const values = FEW_STEP_NAMES.map(
    (name) => [name, acceptField(name, (stored as Record<string, unknown>)[name])] as const,
  );
  if (values.some(([, value]) => value === null)) return null;
  return Object.fromEntries(values) as unknown as FewStepFields;
}

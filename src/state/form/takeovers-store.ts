import { createStore, type StoreApi } from 'zustand/vanilla';
import { SETTING_NAMES } from '../../protocol/settings.ts';
import type { StoredInitImage } from '../../storage/stored-files.ts';
import type { Fields } from './fields.ts';
import type { InitImageState } from './init-image-store.ts';
import type { Settings } from './settings-store.ts';

/** The form at a moment. */
interface Form extends Pick<Settings, 'fields' | 'seedLocked' | 'spentSeed'> {
  readonly image: StoredInitImage | null;
}

/** What a takeover has replaced; of the fields only those, so that what a person has typed since stays. */
export interface Replaced extends Pick<Form, 'seedLocked' | 'spentSeed'> {
  readonly fields: Partial<Fields>;
  /** Absent where the picture to start from stayed. */
  readonly image?: StoredInitImage | null;
}

/** Takeovers of the form: whatever fills it without a person typing. Each can be undone and redone. */
export interface Takeovers {
  /** What undoing puts back, the latest last. */
  readonly past: readonly Replaced[];
  readonly future: readonly Replaced[];
  /** Makes a change of the form and notes what it has replaced. @returns that; null where nothing was */
  during(change: () => unknown): Promise<Replaced | null>;
  /** @returns whether there was anything to undo */
  undo(): Promise<boolean>;
  redo(): Promise<boolean>;
}

/** Takeovers that can be undone. */
const MAX_PAST = 50;

/** @param settings the form, and `initImage` the picture to start from */
export function createTakeoversStore(
  settings: StoreApi<Settings>,
  initImage: StoreApi<InitImageState>,
): StoreApi<Takeovers> {
  const form = (): Form => {
    const { fields, seedLocked, spentSeed } = settings.getState();
    const { file, mask, offset, border } = initImage.getState();
    return { fields, seedLocked, spentSeed, image: file && { file, mask, offset, border } };
  };
  /** Puts it back. @returns what was there */
  const swap = async (replaced: Replaced): Promise<Replaced> => {
    const { fields, image, ...seed } = replaced;
    const now = form();
    settings.setState({ ...seed, fields: { ...now.fields, ...fields }, notes: {} });
    if (image !== undefined) await initImage.getState().put(image);
    return { ...namesOf(fields, now), ...(image !== undefined && { image: now.image }) };
  };
  return createStore<Takeovers>()((set, get) => ({
    past: [],
    future: [],

    async during(change) {
      const before = form();
      await change();
      const replaced = difference(before, form());
      if (replaced) set({ past: [...get().past, replaced].slice(-MAX_PAST), future: [] });
      return replaced;
    },

    async undo() {
      const last = get().past.at(-1);
      if (!last) return false;
      set({ past: get().past.slice(0, -1) });
      const undone = await swap(last);
      set({ future: [...get().future, undone] });
      return true;
    },

    async redo() {
      const last = get().future.at(-1);
      if (!last) return false;
      set({ future: get().future.slice(0, -1) });
      const done = await swap(last);
      set({ past: [...get().past, done] });
      return true;
    },
  }));
}

/** What a form had in these fields, and its seed. */
const namesOf = (fields: Partial<Fields>, { fields: had, seedLocked, spentSeed }: Form): Replaced => ({
  fields: Object.fromEntries(
    Object.keys(fields).map((name) => [name, had[name as keyof Fields]]),
  ) as Partial<Fields>,
  seedLocked,
  spentSeed,
});

/** What of a form was replaced; null where nothing was. */
function difference(before: Form, now: Form): Replaced | null {
  const changed = SETTING_NAMES.filter((name) => before.fields[name] !== now.fields[name]);
  const replaced = namesOf(Object.fromEntries(changed.map((name) => [name, ''])), before);
  const parts = ['file', 'mask', 'offset', 'border'] as const;
  const isSameImage = parts.every((part) => before.image?.[part] === now.image?.[part]);
  if (changed.length === 0 && isSameImage && before.seedLocked === now.seedLocked) return null;
  return isSameImage ? replaced : { ...replaced, image: before.image };
}

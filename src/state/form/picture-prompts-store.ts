import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import type { PicturePrompt } from '../../protocol/control.ts';
import { type AppError, fromWire, toWire } from '../../protocol/errors.ts';
import { MOST_PICTURES } from '../../protocol/request.ts';
import type { FormListStorage } from '../../storage/stored-files.ts';
import type { StoredPicturePrompt } from '../../storage/stored-picture-prompt.ts';
import { createFormItems } from './form-items.ts';
import { type PendingFiles, pendingFiles } from './pending-files.ts';

/** The form's picture prompts, and what can be done with them. */
export interface PicturePrompts {
  readonly prompts: readonly StoredPicturePrompt[];
  /** Why the last file of a prompt was refused, by the prompt's id. */
  readonly errors: Readonly<Record<string, AppError>>;
  /** The id of the one that a run was refused for, until it is shown. */
  readonly refused: string | null;
  /** Puts those that are stored before those that were added; leaves them where all were replaced. */
  load(): Promise<void>;
  add(prompt: StoredPicturePrompt): void;
  /** Shows more pictures; of files that are no pictures the prompt's error tells, and the others are taken. */
  show(id: string, files: readonly Blob[]): Promise<void>;
  /** Takes the picture at this place away. */
  hide(id: string, place: number): void;
  change(id: string, change: Partial<Omit<StoredPicturePrompt, 'id' | 'pictures'>>): void;
  remove(id: string): void;
  /** Notes which one a run was refused for; null where that has been shown. */
  refuse(id: string | null): void;
  /** Replaces all of them. */
  put(prompts: readonly StoredPicturePrompt[]): void;
  /** Resolves when those that are stored and the pictures that were added are there, or were refused. */
  readonly ready: PendingFiles['ready'];
}

/** A picture prompt before anything was chosen for it; 0.6 is what those who published IP-Adapters advise beside a text. */
export const NEW_PICTURE_PROMPT: Omit<StoredPicturePrompt, 'id'> = {
  ...{ adapter: null, pictures: [], scale: 0.6, parts: 'all', isOn: true },
};

/** Those of the form's that count in a run. */
export const picturePromptsOf = (prompts: readonly StoredPicturePrompt[]): PicturePrompt[] =>
  prompts.flatMap(({ adapter, pictures, scale, parts, isOn }) =>
    isOn && adapter !== null && pictures.length > 0 ? [{ adapter, pictures, scale, parts }] : [],
  );

/** The store of the form's picture prompts. */
export function createPicturePromptsStore(
  client: Caller,
  storage: FormListStorage<StoredPicturePrompt>,
): StoreApi<PicturePrompts> {
  return createStore<PicturePrompts>()((set, get) => {
    const { find, save, change, remove, put, load } = createFormItems(
      () => get().prompts,
      (prompts) => set({ prompts }),
      storage,
    );
    const { during, ready } = pendingFiles(() => get().load());
    const show = async (id: string, files: readonly Blob[]) => {
      const { [id]: _, ...errors } = get().errors;
      set({ errors });
      for (const file of files)
        try {
          await client.call('inspectImage', { file });
          change(id, { pictures: [...(find(id)?.pictures ?? []), file].slice(0, MOST_PICTURES) });
        } catch (error) {
          set({ errors: { ...get().errors, [id]: fromWire(toWire(error)) } });
        }
    };
    return {
      prompts: [],
      errors: {},
      refused: null,
      load: () => during(load()),
      add: (prompt) => save([...get().prompts, prompt]),
      show: (id, files) => during(show(id, files)),
      hide: (id, place) => change(id, { pictures: (find(id)?.pictures ?? []).toSpliced(place, 1) }),
      change,
      remove,
      refuse: (refused) => set({ refused }),
      put,
      ready,
    };
  });
}

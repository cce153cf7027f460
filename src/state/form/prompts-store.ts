import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { ownName } from '../../protocol/root.ts';
import { SETTINGS, TEXT_NAMES, type TextName } from '../../protocol/settings.ts';

type Texts = Readonly<Record<TextName, readonly string[]>>;

/** The texts that were in the form, of each field the newest first. They are kept between visits. */
export interface Prompts {
  readonly texts: Texts;
  /** Puts texts in front; one that is there already moves there. What is blank is left out. */
  remember(fields: Readonly<Record<TextName, string>>): void;
  remove(name: TextName, text: string): void;
  clear(name: TextName): void;
}

/** What is kept of each field: so many texts, with so many characters in all. */
const MAX_COUNT = 200;
const MAX_CHARACTERS = 50_000;

const NONE = Object.fromEntries(TEXT_NAMES.map((name) => [name, []])) as unknown as Texts;

/** @param storage where they outlive the page */
export function createPromptsStore(storage: () => StateStorage): StoreApi<Prompts> {
  const store = createStore<Prompts>()(
    persist(
      (set, get) => ({
        texts: NONE,
        remember(fields) {
          // Another tab may have added some.
          void store.persist.rehydrate();
          const now = get().texts;
          const next = Object.fromEntries(
            TEXT_NAMES.map((name) => [name, inFront(now[name], fields[name])]),
          ) as unknown as Texts;
          if (TEXT_NAMES.some((name) => next[name] !== now[name])) set({ texts: next });
        },
        remove: (name, text) =>
          set({ texts: { ...get().texts, [name]: get().texts[name].filter((other) => other !== text) } }),
        clear: (name) => set({ texts: { ...get().texts, [name]: [] } }),
      }),
      {
        name: ownName('prompts'),
        version: 1,
        storage: createJSONStorage(storage),
        partialize: ({ texts }) => ({ texts }),
        merge: (stored, fresh) => (stored ? { ...fresh, texts: accepted(stored) } : fresh),
      },
    ),
  );
  return store;
}

function inFront(texts: readonly string[], text: string): readonly string[] {
  if (text.trim() === '' || texts[0] === text) return texts;
  return bounded([text, ...texts.filter((other) => other !== text)]);
}

function bounded(texts: readonly string[]): readonly string[] {
  let characters = 0;
  const most = texts.findIndex((text, i) => {
    characters += text.length;
    return i >= MAX_COUNT || (i > 0 && characters > MAX_CHARACTERS);
  });
  return most < 0 ? texts : texts.slice(0, most);
}

/** What of a stored list is one: anybody may have written it. */
function accepted(stored: unknown): Texts {
  const { texts } = (stored ?? {}) as { texts?: Partial<Record<TextName, unknown>> };
  const listOf = (name: TextName) => {
    const list = texts?.[name];
    const { maxLength } = SETTINGS[name];
    const fits = (text: unknown): text is string => typeof text === 'string' && text.length <= maxLength;
    return Array.isArray(list) ? bounded(list.filter(fits)) : [];
  };
  return Object.fromEntries(TEXT_NAMES.map((name) => [name, listOf(name)])) as unknown as Texts;
}

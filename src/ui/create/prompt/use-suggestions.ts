import { useEffect, useMemo, useState } from 'react';
import { bundledModel } from '../../../catalog/models.ts';
import type { TextName } from '../../../protocol/settings.ts';
import {
  useEmbeddings,
  useLanguage,
  useModels,
  useSettings,
  useWildcards,
} from '../../page/stores-context.ts';
import { vocabularyOf } from '../known/known-words.ts';
import type { Suggestion } from './completions.ts';

interface Suggestions {
  readonly all: readonly Suggestion[];
  /** Words in lower case that are whole as they are. */
  readonly whole: ReadonlySet<string>;
}

const NONE: Suggestions = { all: [], whole: new Set() };

/** All that a prompt can call here by name. In the negative prompt LoRAs are only text. */
export function useSuggestions(name: TextName): Suggestions {
  const loras = useLoras();
  const embeddings = useEmbeddings((store) => store.embeddings);
  const things = useThings();
  const lists = useWildcards();
  return useMemo(() => {
    const ofFiles = embeddings.map(
      ({ token }): Suggestion => ({ kind: 'embedding', name: token, text: token }),
    );
    const wildcards = Object.keys(lists).map(
      (list): Suggestion => ({ kind: 'wildcard', name: list, text: `__${list}__` }),
    );
    return {
      all: [...wildcards, ...ofFiles, ...(name === 'prompt' ? loras : []), ...things.all],
      whole: things.whole,
    };
  }, [name, loras, embeddings, things, lists]);
}

/** The LoRAs on this device, and the words that they were trained with. */
function useLoras(): readonly Suggestion[] {
  const installed = useModels((models) => models.installed);
  const read = useModels((models) => models.triggerWords);
  const [found, setFound] = useState<readonly Suggestion[]>([]);
  useEffect(() => {
    let isCurrent = true;
    const loras = installed?.filter(({ type, complete }) => type === 'lora' && complete) ?? [];
    const named = loras.map(
      ({ label }): Suggestion => ({ kind: 'lora', name: label, text: `<lora:${label}:1>` }),
    );
    setFound(named);
    const words = loras.map(async ({ id, label }) =>
      (await read(id)).map((word): Suggestion => ({ kind: 'trigger', name: word, text: word, of: label })),
    );
    void Promise.all(words).then((all) => isCurrent && setFound([...all.flat(), ...named]));
    return () => {
      isCurrent = false;
    };
  }, [installed, read]);
  return found;
}

/** What the bundled model knows by name, while it is the model in use; in German by its German name too. */
function useThings(): Suggestions {
  const isBundled = useSettings(({ fields }) => Boolean(bundledModel(fields.model)));
  const isGerman = useLanguage(({ language }) => language) === 'de';
  const [things, setThings] = useState(NONE);
  useEffect(() => {
    if (!isBundled) return;
    import('../known/trinket-words.json').then(
      ({ default: known }) =>
        setThings({
          all: known.map(({ name, german }) => ({
            ...{ kind: 'thing', name, text: name },
            others: isGerman ? [german] : [],
          })),
          whole: vocabularyOf(known),
        }),
      // Without a network there may be none yet.
      () => {},
    );
  }, [isBundled, isGerman]);
  return isBundled ? things : NONE;
}

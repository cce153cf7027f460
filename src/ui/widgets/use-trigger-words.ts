import { useEffect, useState } from 'react';
import type { ModelId } from '../../catalog/models.ts';
import { useModels } from '../page/stores-context.ts';

/** What a LoRA's file says it was trained with; none until that is read. */
export function useTriggerWords(id: ModelId): readonly string[] {
  const read = useModels((models) => models.triggerWords);
  const [words, setWords] = useState<readonly string[]>([]);
  useEffect(() => {
    let isShown = true;
    void read(id).then((found) => isShown && setWords(found));
    return () => {
      isShown = false;
    };
  }, [id, read]);
  return words;
}

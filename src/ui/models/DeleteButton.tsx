import { useState } from 'react';
import type { InstalledModel } from '../../protocol/models.ts';
import { removeModel } from '../../state/actions/remove-model.ts';
import { useStores } from '../page/stores-context.ts';
import { bytesText } from '../texts/bytes-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { totalBytes } from './total-bytes.ts';
import { useModelsTexts } from './use-models-texts.ts';

/** Deletes a model, after a second click: what took an hour to download is not gone after one. */
export function DeleteButton({ model }: { readonly model: InstalledModel }) {
  const texts = useModelsTexts();
  const { numbers } = useTexts();
  const [isAsked, setAsked] = useState(false);
  const stores = useStores();
  if (!isAsked)
    return (
      <button type="button" aria-label={texts.deleteModel(model.label)} onClick={() => setAsked(true)}>
        {texts.delete}
      </button>
    );
  return (
    <>
      <button
        type="button"
        ref={(button) => button?.focus()}
        onClick={() => void removeModel(stores, model.id)}
      >
        {texts.deleteBytes(bytesText(numbers, totalBytes(model)))}
      </button>
      <button type="button" onClick={() => setAsked(false)}>
        {texts.keep}
      </button>
    </>
  );
}

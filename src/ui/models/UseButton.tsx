import type { ModelId } from '../../catalog/models.ts';
import { chooseModel } from '../../state/actions/take-over.ts';
import { useSettings, useStores } from '../page/stores-context.ts';
import { useModelsTexts } from './use-models-texts.ts';

interface Props {
  readonly id: ModelId;
  readonly label: string;
  /** Shows the Create screen. */
  readonly onUse: () => void;
}

/** Chooses a model in the form; nothing for the one that the form has. */
export function UseButton({ id, label, onUse }: Props) {
  const texts = useModelsTexts();
  const name = texts.useModel(label);
  const stores = useStores();
  const isInUse = useSettings(({ fields }) => fields.model === id);
  if (isInUse) return null;
  return (
    <button
      type="button"
      aria-label={name}
      onClick={() => {
        void chooseModel(stores, id);
        onUse();
      }}
    >
      {texts.use}
    </button>
  );
}

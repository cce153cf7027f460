import type { ModelId } from '../../catalog/models.ts';
import { chooseModel } from '../../state/actions/take-over.ts';
import { useStores } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';

interface Props {
  readonly id: ModelId;
  readonly label: string;
  /** Shows the Create screen. */
  readonly onUse: () => void;
}

/** Chooses a model in the form. */
export function UseButton({ id, label, onUse }: Props) {
  const texts = useTexts().models;
  const stores = useStores();
  return (
    <button
      type="button"
      aria-label={texts.useModel(label)}
      onClick={() => {
        void chooseModel(stores, id);
        onUse();
      }}
    >
      {texts.use}
    </button>
  );
}

import type { ModelId } from '../../catalog/models.ts';
import { modelCard } from '../../state/device/model-card.ts';
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
  const { settings, models } = useStores();
  return (
    <button
      type="button"
      aria-label={texts.useModel(label)}
      onClick={() => {
        settings.getState().chooseModel(id, modelCard(id, models.getState().installed).defaults);
        onUse();
      }}
    >
      {texts.use}
    </button>
  );
}

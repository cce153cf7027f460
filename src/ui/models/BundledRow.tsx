import { BUNDLED, type BundledModel } from '../../catalog/models.ts';
import { ModelRow } from './ModelRow.tsx';
import { UseButton } from './UseButton.tsx';
import { useModelsTexts } from './use-models-texts.ts';

/** Trinket, the model that comes with the page. */
export function BundledRow({ onUse }: { readonly onUse: () => void }) {
  const texts = useModelsTexts();
  const { label, megabytes, licence } = BUNDLED.trinket as BundledModel;
  return (
    <ModelRow of={{ type: 'model', id: 'trinket', label }} facts={[texts.bundled(megabytes), licence]}>
      <UseButton id="trinket" label={label} onUse={onUse} />
    </ModelRow>
  );
}

import { BUNDLED, type BundledModel } from '../../catalog/models.ts';
import { useTexts } from '../texts/use-texts.ts';
import { ModelRow } from './ModelRow.tsx';
import { UseButton } from './UseButton.tsx';

/** Trinket, the model that comes with the page. */
export function BundledRow({ onUse }: { readonly onUse: () => void }) {
  const texts = useTexts().models;
  const { label, megabytes, licence } = BUNDLED.trinket as BundledModel;
  return (
    <ModelRow of={{ type: 'model', id: 'trinket', label }} facts={[texts.bundled(megabytes), licence]}>
      <UseButton id="trinket" label={label} onUse={onUse} />
    </ModelRow>
  );
}

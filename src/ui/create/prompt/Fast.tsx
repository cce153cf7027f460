import { fastLoras, fewStepOffer } from '../../../state/actions/fast.ts';
import { useModelCard, useModels, useSettings } from '../../page/stores-context.ts';
import { lazily } from '../../widgets/lazily.tsx';

const FastSwitch = lazily(
  async () => (await import('./FastSwitch.tsx')).FastSwitch,
  () => null,
);

/** How fast the model paints, where there is a choice. */
export function Fast() {
  const model = useSettings(({ fields }) => fields.model);
  const installed = useModels((models) => models.installed);
  const { kind } = useModelCard();
  const hasOffer = useSettings(({ fields }) => fewStepOffer(fields, kind) !== null);
  const choices = fastLoras(installed?.find(({ id }) => id === model));
  return (choices.length > 0 || hasOffer) && <FastSwitch choices={choices} />;
}

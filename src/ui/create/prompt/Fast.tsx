import { bundledModel } from '../../../catalog/models.ts';
import { useSettings } from '../../page/stores-context.ts';
import { lazily } from '../../widgets/lazily.tsx';

const FastSwitch = lazily(
  async () => (await import('./FastSwitch.tsx')).FastSwitch,
  () => null,
);

/** How fast the model paints, where there may be a choice: not for a model that comes with the page. */
export function Fast() {
  const isBundled = useSettings(({ fields }) => bundledModel(fields.model) !== undefined);
  return !isBundled && <FastSwitch />;
}

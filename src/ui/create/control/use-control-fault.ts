import { type ControlFault, controlFault, fittingControls } from '../../../state/form/control-layers.ts';
import { isOneTooMany } from '../../../state/form/steering-world.ts';
import type { StoredControl } from '../../../storage/stored-control.ts';
import { useControls, useModelCard, useModels, useSettings } from '../../page/stores-context.ts';

/** What is wrong with a layer that is on, where it is not said otherwise, and the label of the form's model. */
export function useControlFault(layer: StoredControl): { fault: ControlFault | null; model: string } {
  const fields = useSettings(({ fields }) => fields);
  const { label } = useModelCard();
  const installed = useModels((models) => models.installed);
  const isMaking = useControls(({ making }) => making.includes(layer.id));
  const hasError = useControls(({ errors }) => layer.id in errors);
  const isOver = useControls(({ layers }) => isOneTooMany(layer, layers));
  const own = layer.isOn ? controlFault(layer, isMaking, { fields, installed }) : null;
  const fault = own ?? (isOver ? 'too-many' : null);
  const isSaid =
    fault === 'no-model'
      ? fittingControls({ fields, installed }).length === 0
      : hasError && (fault === 'no-map' || fault === 'no-picture');
  return { fault: isSaid ? null : fault, model: label };
}

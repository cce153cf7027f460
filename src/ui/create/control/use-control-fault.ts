import { type ControlFault, controlFault } from '../../../state/form/control-layers.ts';
import type { StoredControl } from '../../../storage/stored-control.ts';
import { useControls, useModelCard, useModels, useSettings } from '../../page/stores-context.ts';

/** What is wrong with a layer that is on, where it is not said otherwise, and the label of the form's model. */
export function useControlFault(layer: StoredControl): { fault: ControlFault | null; model: string } {
  const model = useSettings(({ fields }) => fields.model);
  const { label } = useModelCard();
  const installed = useModels((models) => models.installed);
  const isMaking = useControls(({ making }) => making.includes(layer.id));
  const hasError = useControls(({ errors }) => layer.id in errors);
  const fault = layer.isOn ? controlFault(layer, isMaking, { model, installed }) : null;
  const isSaid = hasError && (fault === 'no-map' || fault === 'no-picture');
  return { fault: isSaid ? null : fault, model: label };
}

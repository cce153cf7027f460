import { chooseControl } from '../../../state/actions/control-layers.ts';
import { fittingControls } from '../../../state/form/control-layers.ts';
import { useLanguage, useModelCard, useModels, useSettings, useStores } from '../../page/stores-context.ts';
import { LAYER_TEXTS } from '../../texts/layer-texts.ts';
import { FittingModel } from './FittingModel.tsx';
import type { LayerProps } from './layer-props.ts';

interface Props extends Pick<LayerProps, 'layer'> {
  readonly toModels: () => void;
}

/** Which control model reads the map: those on this device that fit the form's model. */
export function ControlModel({ layer, toModels }: Props) {
  const texts = LAYER_TEXTS[useLanguage(({ language }) => language)];
  const stores = useStores();
  const fields = useSettings(({ fields }) => fields);
  const { label } = useModelCard();
  const installed = useModels((models) => models.installed);
  return (
    <FittingModel
      label={texts.model}
      help="controlModel"
      chosen={layer.model}
      fitting={fittingControls({ fields, installed })}
      texts={{ none: texts.noModel, noneHere: texts.noneHere(label), toModels: texts.toModels }}
      isMissed={layer.map !== null}
      onChoose={(id) => chooseControl(stores, layer.id, id)}
      toModels={toModels}
    />
  );
}

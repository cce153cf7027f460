import { type ModelId, modelLabel } from '../../../catalog/models.ts';
import { chooseControl } from '../../../state/actions/control-layers.ts';
import { fittingControls } from '../../../state/form/control-layers.ts';
import { useLanguage, useModelCard, useModels, useSettings, useStores } from '../../page/stores-context.ts';
import { LAYER_TEXTS } from '../../texts/layer-texts.ts';
import { Select } from '../../widgets/Select.tsx';
import styles from './Layer.module.css';
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
  const ids = fittingControls({ fields, installed }).map(({ id }) => id);
  const all = layer.model === null || ids.includes(layer.model) ? ids : [layer.model, ...ids];
  const options = Object.fromEntries(all.map((id) => [id, modelLabel(id)]));
  if (installed !== null && all.length === 0)
    return (
      <p className={layer.map ? styles.fault : styles.hint}>
        {texts.noneHere(label)}{' '}
        <button type="button" onClick={toModels}>
          {texts.toModels}
        </button>
      </p>
    );
  return (
    <Select<ModelId>
      label={texts.model}
      help="controlModel"
      value={layer.model ?? ''}
      options={layer.model === null ? { '': texts.noModel, ...options } : options}
      onChange={(id) => id !== '' && chooseControl(stores, layer.id, id)}
    />
  );
}

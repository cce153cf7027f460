import { PREPROCESSORS, type Preprocessor } from '../../../protocol/control.ts';
import { SIGMA_RANGE, THRESHOLD_RANGE } from '../../../protocol/map-request.ts';
import { setReady } from '../../../state/actions/control-layers.ts';
import { controlKinds, kindOf } from '../../../state/form/control-kinds.ts';
import { useControls, useLanguage, useModels, useStores } from '../../page/stores-context.ts';
import { CONTROL_TEXTS } from '../../texts/control-texts.ts';
import { LAYER_TEXTS } from '../../texts/layer-texts.ts';
import { Select } from '../../widgets/Select.tsx';
import { SliderField } from '../../widgets/SliderField.tsx';
import styles from './Layer.module.css';
import { LayerSwitch } from './LayerSwitch.tsx';
import type { LayerProps } from './layer-props.ts';

/** What the map shows: asked only where the control model does not say it. And how it is made. */
export function MapKind({ layer }: Pick<LayerProps, 'layer'>) {
  const language = useLanguage(({ language }) => language);
  const texts = LAYER_TEXTS[language];
  const { purposes } = CONTROL_TEXTS[language];
  const stores = useStores();
  const change = useControls((controls) => controls.change);
  const facts = useModels(({ installed }) => installed?.find(({ id }) => id === layer.model)?.control);
  const kinds = controlKinds(facts);
  const kind = kindOf(layer, kinds);
  const isOnlyMap = layer.map !== null && layer.picture === null;
  const purpose = kind && purposes[kind.purpose];
  return (
    <>
      {kinds.length > 1 && (
        <Select<string>
          label={texts.kind}
          help="controlKind"
          value={kind?.purpose ?? ''}
          options={{
            ...(!kind && { '': texts.noModel }),
            ...Object.fromEntries(kinds.map((one) => [one.purpose, purposes[one.purpose]])),
          }}
          onChange={(value) => {
            const chosen = kinds.find((one) => one.purpose === value);
            if (chosen) change(layer.id, chosen);
          }}
        />
      )}
      {kinds.length === 0 && layer.model !== null && (
        <Select<Preprocessor>
          label={texts.kind}
          help="controlKind"
          value={layer.preprocessor}
          options={
            Object.fromEntries(PREPROCESSORS.map((one) => [one, texts.kinds[one]])) as typeof texts.kinds
          }
          onChange={(preprocessor) => change(layer.id, { preprocessor })}
        />
      )}
      {purpose && !isOnlyMap && (
        <p className={styles.hint}>
          {layer.preprocessor === 'none' ? texts.readyMap(purpose) : texts.made(purpose)}
        </p>
      )}
      {isOnlyMap && <p className={styles.hint}>{texts.onlyMap}</p>}
      {kind && kind.preprocessor !== 'none' && !isOnlyMap && (
        <LayerSwitch
          label={texts.isMap}
          help="controlMap"
          isOn={layer.preprocessor === 'none'}
          onChange={(isReady) => setReady(stores, layer.id, isReady)}
        />
      )}
      {!isOnlyMap && <MapSettings layer={layer} />}
    </>
  );
}

/** What a map is made with. */
function MapSettings({ layer }: Pick<LayerProps, 'layer'>) {
  const texts = LAYER_TEXTS[useLanguage(({ language }) => language)];
  const change = useControls((controls) => controls.change);
  const { preprocessor, low, high, sigma } = layer;
  const threshold = { help: 'controlThreshold', ...THRESHOLD_RANGE, step: 1 } as const;
  if (preprocessor === 'canny')
    return (
      <>
        <SliderField
          label={texts.low}
          {...threshold}
          value={low}
          onChange={(low) => change(layer.id, { low, high: Math.max(low, high) })}
        />
        <SliderField
          label={texts.high}
          {...threshold}
          value={high}
          onChange={(high) => change(layer.id, { high, low: Math.min(low, high) })}
        />
      </>
    );
  if (preprocessor !== 'blur') return null;
  return (
    <SliderField
      label={texts.sigma}
      help="controlSigma"
      {...SIGMA_RANGE}
      step={1}
      value={sigma}
      onChange={(sigma) => change(layer.id, { sigma })}
    />
  );
}

import { MOST_STEERING } from '../../../protocol/request.ts';
import { addControl } from '../../../state/actions/control-layers.ts';
import { useControls, useLanguage, useStores } from '../../page/stores-context.ts';
import { LAYER_TEXTS } from '../../texts/layer-texts.ts';
import { ControlLayer } from './ControlLayer.tsx';
import styles from './Layer.module.css';

/** The control layers of the form, and what adds one. */
export function ControlLayers({ toModels }: { readonly toModels: () => void }) {
  const texts = LAYER_TEXTS[useLanguage(({ language }) => language)];
  const stores = useStores();
  const layers = useControls((controls) => controls.layers);
  return (
    <div className={styles.layers}>
      {layers.length === 0 && <p className={styles.hint}>{texts.about}</p>}
      {layers.map((layer, i) => (
        <ControlLayer key={layer.id} layer={layer} number={i + 1} toModels={toModels} />
      ))}
      {layers.length < MOST_STEERING && (
        <button type="button" className={styles.add} onClick={() => addControl(stores)}>
          {texts.add}
        </button>
      )}
    </div>
  );
}

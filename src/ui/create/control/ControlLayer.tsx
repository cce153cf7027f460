import { useId } from 'react';
import { modelLabel } from '../../../catalog/models.ts';
import { removeControl } from '../../../state/actions/control-layers.ts';
import { useControls, useLanguage, useStores } from '../../page/stores-context.ts';
import { errorText } from '../../texts/error-text.ts';
import { LAYER_TEXTS } from '../../texts/layer-texts.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { IconButton } from '../../widgets/IconButton.tsx';
import { ControlModel } from './ControlModel.tsx';
import styles from './Layer.module.css';
import { LayerMap } from './LayerMap.tsx';
import { LayerStrength } from './LayerStrength.tsx';
import { LayerSwitch } from './LayerSwitch.tsx';
import type { LayerProps } from './layer-props.ts';
import { MapKind } from './MapKind.tsx';
import { PictureWell } from './PictureWell.tsx';
import { useControlFault } from './use-control-fault.ts';
import { useShownWhenRefused } from './use-shown-when-refused.ts';

interface Props extends LayerProps {
  /** Shows the Models screen. */
  readonly toModels: () => void;
}

/** One control layer: its picture and map, the model that reads it, and how strongly that counts. Of one that is off, only the heading. */
export function ControlLayer({ layer, number, toModels }: Props) {
  const texts = LAYER_TEXTS[useLanguage(({ language }) => language)];
  const stores = useStores();
  const heading = useId();
  const change = useControls((controls) => controls.change);
  const isRefused = useControls(({ refused }) => refused === layer.id);
  const refuse = useControls((controls) => controls.refuse);
  const shown = useShownWhenRefused(isRefused, refuse);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend cannot stand in line with a button
    <div ref={shown} role="group" aria-labelledby={heading} className={styles.layer}>
      <div className={styles.heading}>
        <h3 id={heading}>{texts.layer(number)}</h3>
        <IconButton
          icon="close"
          label={texts.remove(number)}
          hasTooltip
          onClick={() => void removeControl(stores, layer.id)}
        />
      </div>
      <LayerSwitch
        label={texts.use}
        help="controlOn"
        isOn={layer.isOn}
        onChange={(isOn) => change(layer.id, { isOn })}
      />
      {layer.isOn && <Settings {...{ layer, number, toModels }} />}
    </div>
  );
}

function Settings({ layer, number, toModels }: Props) {
  const texts = LAYER_TEXTS[useLanguage(({ language }) => language)];
  const faultId = useId();
  const take = useControls((controls) => controls.take);
  const { fault, model } = useControlFault(layer);
  const { id, picture, map } = layer;
  // There, no control model is of use.
  const isUnsteered = fault === 'not-steered' || fault === 'fixed-graph';
  return (
    <>
      {!isUnsteered && <ControlModel {...{ layer, toModels }} />}
      <PictureWell
        label={texts.picture}
        // Where it is the map, it is shown as that.
        picture={picture === map ? null : picture}
        alt=""
        hasHint={!picture}
        onPictures={([file]) => file && void take(id, file)}
      >
        <LayerMap {...{ layer, number }} />
      </PictureWell>
      <LayerError id={id} />
      <p id={faultId} className={fault === 'no-picture' ? styles.hint : styles.fault} aria-live="polite">
        {fault && texts.faults[fault](modelLabel(layer.model ?? ''), model)}
        {(fault === 'no-depth-model' || fault === 'model-gone') && (
          <button type="button" onClick={toModels}>
            {texts.toModels}
          </button>
        )}
      </p>
      <MapKind layer={layer} />
      <LayerStrength layer={layer} faultId={fault === 'no-part' ? faultId : undefined} />
    </>
  );
}

/** Why its last picture was refused, or its map could not be made. */
function LayerError({ id }: { readonly id: string }) {
  const { errors } = useTexts();
  const error = useControls((controls) => controls.errors[id]);
  if (!error) return null;
  const { sentence, remedy } = errorText(errors, 'start-image', error);
  return (
    <p role="alert" className={styles.fault}>
      {sentence} {remedy}
    </p>
  );
}

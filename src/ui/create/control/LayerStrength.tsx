import { useControls, useLanguage, useModels } from '../../page/stores-context.ts';
import { LAYER_TEXTS } from '../../texts/layer-texts.ts';
import { SliderField } from '../../widgets/SliderField.tsx';
import styles from './Layer.module.css';
import { LayerSwitch } from './LayerSwitch.tsx';
import type { LayerProps } from './layer-props.ts';

interface Props extends Pick<LayerProps, 'layer'> {
  /** The id of what says that its part of the run is empty, where it is. */
  readonly faultId: string | undefined;
}

/** How strongly a layer counts, and in which part of the run. */
export function LayerStrength({ layer, faultId }: Props) {
  const texts = LAYER_TEXTS[useLanguage(({ language }) => language)];
  const change = useControls((controls) => controls.change);
  // It meets no texts.
  const isAdapter = useModels(({ installed }) =>
    installed?.some(({ id, control }) => id === layer.model && control?.kind === 'T2I-Adapter'),
  );
  const { id, scale, start, end, isGuess } = layer;
  const part = { help: 'controlPart', min: 0, max: 1, step: 0.05, hasSlider: false, faultId } as const;
  return (
    <>
      <SliderField
        label={texts.scale}
        help="controlScale"
        {...{ min: 0, max: 2, step: 0.05 }}
        value={scale}
        onChange={(scale) => change(id, { scale })}
      />
      <div>
        <div className={styles.pair}>
          <SliderField
            label={texts.start}
            {...part}
            value={start}
            onChange={(start) => change(id, { start })}
          />
          <SliderField label={texts.end} {...part} value={end} onChange={(end) => change(id, { end })} />
        </div>
        <p className={styles.hint}>{texts.part}</p>
      </div>
      {!isAdapter && (
        <LayerSwitch
          label={texts.guess}
          help="controlGuess"
          isOn={isGuess}
          onChange={(isGuess) => change(id, { isGuess })}
        />
      )}
    </>
  );
}

import { useState } from 'react';
import { type Shape, shapesOf, trainedShapes } from '../../../catalog/shapes.ts';
import { SETTINGS } from '../../../protocol/settings.ts';
import { parseNumber } from '../../../state/form/fields.ts';
import { useModelCard, useSettings, useStores } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { IconButton } from '../../widgets/IconButton.tsx';
import { NumberInput } from '../../widgets/NumberInput.tsx';
import { Select } from '../../widgets/Select.tsx';
import { type KeptRatio, keepRatioOf, keptBy, withSide } from './kept-ratio.ts';
import styles from './Options.module.css';

const nameOf = ({ width, height }: Record<'width' | 'height', number | string>) => `${width}x${height}`;

/** The picture's size: a shape that suits the model, or any. Its sides can be swapped, and their ratio kept. */
export function Size() {
  const texts = useTexts().create;
  const { settings } = useStores();
  const { label, defaults } = useModelCard();
  const name = useSettings(({ fields }) => nameOf(fields));
  const { kept, lock, unlock, onType } = useRatio();
  const shapes = shapesOf(defaults);
  const isTrained = trainedShapes(defaults).some((shape) => nameOf(shape) === name);
  const set = ({ width, height }: Record<keyof Shape, string>) => {
    const { set: change } = settings.getState();
    change('width', width);
    change('height', height);
  };
  const swap = () => {
    const { width, height } = settings.getState().fields;
    set({ width: height, height: width });
  };
  const choose = (value: string) => {
    const [width, height] = value.split('x');
    if (width && height) set({ width, height });
  };
  const named = shapes.map((shape) => [nameOf(shape), texts.shape(shape.width, shape.height)]);
  const own = shapes.some((shape) => nameOf(shape) === name) ? [] : [[name, texts.ownShape]];
  return (
    <div>
      <div className={styles.shape}>
        <Select
          label={texts.shapes}
          help="shape"
          value={name}
          options={Object.fromEntries([...named, ...own])}
          onChange={choose}
        />
        <IconButton icon="swap" label={texts.swapSides} hasTooltip onClick={swap} />
        <IconButton
          icon={kept ? 'locked' : 'unlocked'}
          label={texts.keepRatio}
          hasTooltip
          aria-pressed={kept !== null}
          onClick={kept ? unlock : lock}
        />
      </div>
      <div className={styles.pair}>
        <NumberInput field="width" onType={() => onType('width')} />
        <NumberInput field="height" onType={() => onType('height')} />
      </div>
      {!isTrained && <p className={styles.hint}>{texts.trainedAt(label, defaults.width, defaults.height)}</p>}
    </div>
  );
}

/** The ratio of the sides while it is kept: one that is typed takes the other along. */
function useRatio() {
  const { settings } = useStores();
  const [kept, keep] = useState<KeptRatio | null>(null);
  const width = useSettings(({ fields }) => parseNumber(SETTINGS.width, fields.width));
  const height = useSettings(({ fields }) => parseNumber(SETTINGS.height, fields.height));
  const sides = width && height ? { width, height } : null;
  const onType = (name: keyof Shape) => {
    const { fields, set } = settings.getState();
    const typed = parseNumber(SETTINGS[name], fields[name]);
    if (!kept || !typed) return;
    // The sides are those before.
    const next = withSide(sides ? keptBy(kept, sides) : kept, name, typed);
    const other = name === 'width' ? 'height' : 'width';
    set(other, String(next.sides[other]));
    keep(next);
  };
  return { kept, lock: () => sides && keep(keepRatioOf(sides)), unlock: () => keep(null), onType };
}

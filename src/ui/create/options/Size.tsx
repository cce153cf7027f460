import { useState } from 'react';
import { type Shape, shapesOf, trainedShapes } from '../../../catalog/shapes.ts';
import { SETTINGS } from '../../../protocol/settings.ts';
import { parseNumber, snap } from '../../../state/form/fields.ts';
import { useModelCard, useSettings, useStores } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { IconButton } from '../../widgets/IconButton.tsx';
import { NumberInput } from '../../widgets/NumberInput.tsx';
import { Select } from '../../widgets/Select.tsx';
import styles from './Options.module.css';

const nameOf = ({ width, height }: Record<'width' | 'height', number | string>) => `${width}x${height}`;

/** The picture's size: a shape that suits the model, or any. Its sides can be swapped, and their ratio kept. */
export function Size() {
  const texts = useTexts().create;
  const { settings } = useStores();
  const { label, defaults } = useModelCard();
  const name = useSettings(({ fields }) => nameOf(fields));
  const { ratio, lock, keep } = useRatio();
  const shapes = shapesOf(defaults);
  const isTrained = trainedShapes(defaults).some((shape) => nameOf(shape) === name);
  const set = ({ width, height }: Record<keyof Shape, string>) => {
    const { set: change } = settings.getState();
    change('width', width);
    change('height', height);
    if (ratio !== null) lock(Number(width) / Number(height));
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
          about={texts.aboutShapes}
          value={name}
          options={Object.fromEntries([...named, ...own])}
          onChange={choose}
        />
        <IconButton icon="swap" label={texts.swapSides} hasTooltip onClick={swap} />
        <IconButton
          icon={ratio === null ? 'unlocked' : 'locked'}
          label={texts.keepRatio}
          hasTooltip
          aria-pressed={ratio !== null}
          onClick={() => lock(ratio === null ? undefined : null)}
        />
      </div>
      <div className={styles.pair} onChange={keep}>
        <NumberInput field="width" />
        <NumberInput field="height" />
      </div>
      {!isTrained && <p className={styles.hint}>{texts.trainedAt(label, defaults.width, defaults.height)}</p>}
    </div>
  );
}

/** The ratio of the sides while it is kept: one that is typed takes the other along. */
function useRatio() {
  const { settings } = useStores();
  const [ratio, setRatio] = useState<number | null>(null);
  const sides = () => {
    const { width, height } = settings.getState().fields;
    return { width: parseNumber(SETTINGS.width, width), height: parseNumber(SETTINGS.height, height) };
  };
  const [last, setLast] = useState(sides);
  /** Without a ratio, that of the sides as they are. */
  const lock = (next?: number | null) => {
    const { width, height } = sides();
    setLast({ width, height });
    setRatio(next === undefined ? (width && height ? width / height : null) : next);
  };
  const keep = () => {
    if (ratio === null) return;
    const { width, height } = sides();
    const { set } = settings.getState();
    const isWidth = width !== last.width;
    const typed = isWidth ? width : height;
    if (typed === null) return;
    const other = snap(SETTINGS.height, isWidth ? typed / ratio : typed * ratio);
    set(isWidth ? 'height' : 'width', String(other));
    setLast(isWidth ? { width, height: other } : { width: other, height });
  };
  return { ratio, lock, keep };
}

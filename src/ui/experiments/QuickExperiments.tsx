import type { Axes } from '../../experiments/axes.ts';
import { NO_AXIS, nineValues } from '../../state/jobs/axis-draft.ts';
import { useExperiments, useInitImage, useModelCard } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './ExperimentsScreen.module.css';

interface Props {
  readonly begin: (axesOf: (seed: number) => Axes) => void;
  readonly isIdle: boolean;
}

/** The most common experiments, each at one click. */
export function QuickExperiments({ begin, isIdle }: Props) {
  const { nine } = useTexts().experiments;
  const setDraft = useExperiments((experiments) => experiments.setDraft);
  const { defaults } = useModelCard();
  const hasImage = useInitImage(({ file }) => file !== null);
  const button = (kind: keyof typeof nine) => (
    <button
      type="button"
      aria-disabled={!isIdle}
      onClick={() => {
        if (!isIdle) return;
        begin((seed) => {
          const axis = nineValues(kind, seed, defaults);
          setDraft(0, { kind, text: axis.values.join(', '), chosen: null });
          setDraft(1, NO_AXIS);
          return [axis];
        });
      }}
    >
      {nine[kind]}
    </button>
  );
  return (
    <div className={styles.actions}>
      {button('guidanceScale')}
      {button('seed')}
      {hasImage && button('strength')}
    </div>
  );
}

import { type CSSProperties, useState } from 'react';
import { useTexts } from '../texts/use-texts.ts';
import styles from './CompareSlider.module.css';

/** A picture and what it is called. */
export interface Labelled {
  /** Null until it is there. */
  readonly url: string | null;
  readonly label: string;
}

interface Props {
  readonly left: Labelled;
  readonly right: Labelled;
  /** Width by height of the larger one. */
  readonly ratio: number;
}

/** Two pictures one over the other: the left one is seen up to a line that is moved by mouse, finger or arrow keys. */
export function CompareSlider({ left, right, ratio }: Props) {
  const texts = useTexts().create;
  const [percent, setPercent] = useState(50);
  return (
    <div className={styles.compare} style={{ '--at': `${percent}%`, aspectRatio: ratio } as CSSProperties}>
      <img src={right.url ?? undefined} alt={right.label} />
      <img src={left.url ?? undefined} alt={left.label} className={styles.left} />
      <span className={styles.line} aria-hidden="true" />
      <input
        type="range"
        min={0}
        max={100}
        value={percent}
        aria-label={texts.divider}
        aria-valuetext={texts.dividedAt(percent, left.label, right.label)}
        onChange={(event) => setPercent(Number(event.target.value))}
      />
    </div>
  );
}

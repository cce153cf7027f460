import type { CSSProperties, ReactNode } from 'react';
import type { Rect, Size } from '../../../protocol/placement.ts';
import styles from './PlacedPicture.module.css';
import type { PlacedOnCanvas } from './use-placement.ts';

interface Props extends Pick<PlacedOnCanvas, 'canvas' | 'placement'> {
  readonly url: string;
  readonly alt: string;
  /** Drawn over it. */
  readonly children?: ReactNode;
}

/** A rectangle within another, as CSS positions it. */
export function partOf({ x, y, width, height }: Rect, outer: Size): CSSProperties {
  const percent = (part: number, all: number) => `${(part / all) * 100}%`;
  return {
    left: percent(x, outer.width),
    top: percent(y, outer.height),
    width: percent(width, outer.width),
    height: percent(height, outer.height),
  };
}

/** A picture on its canvas, as wide as its container. Where the model will paint, the canvas is hatched. */
export function PlacedPicture({ url, alt, canvas, placement: { whole, window }, children }: Props) {
  const within = { ...whole, x: whole.x - window.x, y: whole.y - window.y };
  return (
    <div className={styles.canvas} style={{ aspectRatio: canvas.width / canvas.height }}>
      <div className={styles.window} style={partOf(window, canvas)}>
        <img src={url} alt={alt} draggable={false} style={partOf(within, window)} />
      </div>
      {children}
    </div>
  );
}

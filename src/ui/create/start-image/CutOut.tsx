import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { useInitImage } from '../../page/stores-context.ts';
import { placementText } from '../../texts/placement-text.ts';
import { useTexts } from '../../texts/use-texts.ts';
import styles from './CutOut.module.css';
import { PlacedPicture } from './PlacedPicture.tsx';
import { usePlacement } from './use-placement.ts';

const STEP = 0.02;
const KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: -STEP,
  ArrowUp: -STEP,
  ArrowRight: STEP,
  ArrowDown: STEP,
  PageUp: -5 * STEP,
  PageDown: 5 * STEP,
};

const within = (value: number) => Math.min(1, Math.max(0, value));

/**
 * The picture as the model gets it. Where it is cut, or has room between borders, it can be moved: by pointer, or by the
 * arrow keys.
 */
export function CutOut({ url }: { readonly url: string }) {
  const texts = useTexts().startImage;
  const placed = usePlacement();
  const { whole, window: shown } = placed.placement;
  const offset = useInitImage((image) => image.offset);
  const change = useInitImage((image) => image.change);
  const drag = useRef({ x: 0, y: 0 });

  // There is room along one axis at most: below zero where the picture is the longer one.
  const isWhole = whole.width === shown.width && whole.height === shown.height;
  const room = { x: placed.room.width - whole.width, y: placed.room.height - whole.height };
  const axis = Math.abs(room.x) > Math.abs(room.y) ? 'x' : 'y';
  const canMove = Math.abs(room[axis]) >= 1;
  const move = (by: number) => change({ offset: { ...offset, [axis]: within(offset[axis] + by) } });

  const onPointerDown = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, y: event.clientY };
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const pixels = placed.canvas.width / event.currentTarget.clientWidth;
    const by = { x: event.clientX - drag.current.x, y: event.clientY - drag.current.y };
    drag.current = { x: event.clientX, y: event.clientY };
    move((by[axis] * pixels) / room[axis]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ...KEYS, Home: -1, End: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(by);
  };

  const picture = <PlacedPicture {...placed} url={url} alt={texts.picture} />;
  const ratio = placed.canvas.width / placed.canvas.height;
  const style = { width: `min(100%, ${Math.round(Math.min(1, ratio) * 1000) / 100}rem)` };
  return (
    <div className={styles.cutOut}>
      {canMove ? (
        <div
          className={styles.movable}
          style={{ ...style, touchAction: axis === 'x' ? 'pan-y' : 'pan-x' }}
          role="slider"
          tabIndex={0}
          aria-label={isWhole ? texts.place : texts.cutOut}
          aria-orientation={axis === 'x' ? 'horizontal' : 'vertical'}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(offset[axis] * 100)}
          aria-valuetext={placementText(texts, placed)}
          {...{ onPointerDown, onPointerMove, onKeyDown }}
        >
          {picture}
        </div>
      ) : (
        <div className={styles.still} style={style}>
          {picture}
        </div>
      )}
      <p className={styles.hint}>
        {placementText(texts, placed)}
        {canMove && ` ${texts.drag}`}
      </p>
    </div>
  );
}

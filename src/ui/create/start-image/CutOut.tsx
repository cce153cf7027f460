import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { useInitImage } from '../../page/stores-context.ts';
import { placementText } from '../../texts/placement-text.ts';
import { useTexts } from '../../texts/use-texts.ts';
import styles from './CutOut.module.css';
import { MaskOverlay } from './MaskOverlay.tsx';
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
 * The initial image as the model gets it. Where it is cropped, or has room between borders, it can be moved: by pointer, or by
 * the arrow keys.
 */
export function CutOut({ url }: { readonly url: string }) {
  const texts = useTexts().startImage;
  const placed = usePlacement();
  const { whole, window: shown } = placed.placement;
  const offset = useInitImage((image) => image.offset);
  const change = useInitImage((image) => image.change);

  // There is room along one axis at most; it is negative where the picture is the longer one.
  const isWhole = whole.width === shown.width && whole.height === shown.height;
  const room = { x: placed.room.width - whole.width, y: placed.room.height - whole.height };
  const axis = Math.abs(room.x) > Math.abs(room.y) ? 'x' : 'y';
  const canMove = Math.abs(room[axis]) >= 1;
  const handlers = useMove(axis, placed.canvas.width, (pixels, fraction) =>
    change({ offset: { ...offset, [axis]: within(offset[axis] + fraction + pixels / room[axis]) } }),
  );

  const mask = useInitImage((image) => image.mask);
  const picture = (
    <PlacedPicture {...placed} url={url} alt={texts.picture}>
      {mask && <MaskOverlay mask={mask} placed={placed} />}
    </PlacedPicture>
  );
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
          {...handlers}
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

/**
 * Handlers that move something along an axis: by pointer, or by keyboard.
 * @param width of the element, in pixels of the canvas
 * @param onMove is given the pixels of a drag, and the fraction of the whole way that a key moves by
 */
function useMove(axis: 'x' | 'y', width: number, onMove: (pixels: number, fraction: number) => void) {
  const last = useRef({ x: 0, y: 0 });
  return {
    onPointerDown(event: PointerEvent) {
      event.currentTarget.setPointerCapture(event.pointerId);
      last.current = { x: event.clientX, y: event.clientY };
    },
    onPointerMove(event: PointerEvent) {
      if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
      const by = { x: event.clientX - last.current.x, y: event.clientY - last.current.y };
      last.current = { x: event.clientX, y: event.clientY };
      onMove((by[axis] * width) / event.currentTarget.clientWidth, 0);
    },
    onKeyDown(event: KeyboardEvent) {
      const fraction = { ...KEYS, Home: -1, End: 1 }[event.key];
      if (fraction === undefined) return;
      event.preventDefault();
      onMove(0, fraction);
    },
  };
}

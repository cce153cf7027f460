import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import type { Border } from '../../../protocol/placement.ts';
import type { Side } from '../../texts/placement-text.ts';
import { useTexts } from '../../texts/use-texts.ts';
import styles from './ExtendEditor.module.css';
import { BORDER_STEP } from './extend-border.ts';

interface Props {
  readonly side: Side;
  readonly border: Border;
  /** The most pixels that this side can have. */
  readonly most: number;
  /** The width of the view, in pixels of the canvas. */
  readonly pixelsAcross: number;
  /** While the edge is dragged, with the pixels of the side. */
  readonly onDrag: (pixels: number) => void;
  /** When a key has moved the edge. */
  readonly onSet: (pixels: number) => void;
  /** When a drag has ended. */
  readonly onEnd: () => void;
}

/** The direction in which a side grows. */
const OUTWARDS: Readonly<Record<Side, readonly [x: number, y: number]>> = {
  left: [-1, 0],
  top: [0, -1],
  right: [1, 0],
  bottom: [0, 1],
};
const KEYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const PAGE = 8;

/** One edge of the canvas, which can be dragged outwards and back. */
export function BorderHandle({ side, border, most, pixelsAcross, onDrag, onSet, onEnd }: Props) {
  const texts = useTexts().startImage;
  const start = useRef({ x: 0, y: 0, pixels: 0 });
  const [outX, outY] = OUTWARDS[side];

  const onPointerDown = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, y: event.clientY, pixels: border[side] };
  };
  const onPointerMove = (event: PointerEvent) => {
    const view = event.currentTarget.closest(`.${styles.view}`);
    if (!view || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const { x, y, pixels } = start.current;
    const out = (event.clientX - x) * outX + (event.clientY - y) * outY;
    onDrag(pixels + (out * pixelsAcross) / view.clientWidth);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const [x, y] = KEYS[event.key] ?? [0, 0];
    const page = { PageUp: PAGE, PageDown: -PAGE }[event.key] ?? 0;
    const steps = x * outX + y * outY + page;
    if (steps === 0) return;
    event.preventDefault();
    onSet(border[side] + steps * BORDER_STEP);
  };

  return (
    <div
      className={styles.handle}
      data-side={side}
      role="slider"
      tabIndex={0}
      aria-label={texts.edges[side]}
      aria-orientation={outX === 0 ? 'vertical' : 'horizontal'}
      aria-valuemin={0}
      aria-valuemax={most}
      aria-valuenow={border[side]}
      aria-valuetext={texts.pixels(border[side])}
      onPointerUp={onEnd}
      onPointerCancel={onEnd}
      {...{ onPointerDown, onPointerMove, onKeyDown }}
    />
  );
}

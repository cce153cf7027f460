import { type Dispatch, type KeyboardEvent, type PointerEvent, type SetStateAction, useState } from 'react';
import { type MaskHistory, redo, undo } from '../../../state/form/mask-history.ts';
import type { PICK_TEXTS } from '../../texts/pick-texts.ts';
import styles from './PickLayer.module.css';
import { partOf } from './PlacedPicture.tsx';
import { boxOf, promptAt, promptIn } from './pick-prompt.ts';
import { clamp, MOVES, type Point } from './use-pen.ts';
import type { usePicking } from './use-picking.ts';
import type { PlacedOnCanvas } from './use-placement.ts';

interface Props {
  readonly placed: PlacedOnCanvas;
  readonly texts: (typeof PICK_TEXTS)['en'];
  readonly takesAway: boolean;
  readonly pick: ReturnType<typeof usePicking>['pick'];
  readonly onHistory: Dispatch<SetStateAction<MaskHistory>>;
}

/** What a pointer moves between down and up without drawing a box, as a part of the canvas' sides. */
const STILL = 0.015;
const UNIT = { width: 1, height: 1 };

function pointOf({ clientX, clientY, currentTarget }: PointerEvent): Point {
  const box = currentTarget.getBoundingClientRect();
  const part = (at: number, length: number) => clamp(at / length, 0, 1);
  return { x: part(clientX - box.left, box.width), y: part(clientY - box.top, box.height) };
}

/** A place that is moved by pointer and by keyboard, and what is asked for there: a click, or a box from the corner where it was begun. */
function useCrosshair({ placed, takesAway, pick, onHistory }: Omit<Props, 'texts'>) {
  const [at, setAt] = useState<Point>({ x: 0.5, y: 0.5 });
  const [corner, setCorner] = useState<(Point & { readonly isHeld: boolean }) | null>(null);

  const finish = (to: Point, isAlt: boolean) => {
    const isBox = corner && Math.max(Math.abs(to.x - corner.x), Math.abs(to.y - corner.y)) > STILL;
    setCorner(null);
    pick(isBox ? promptIn(boxOf(corner, to), placed) : promptAt(to, placed), takesAway !== isAlt);
  };
  const handlers = {
    onPointerDown(event: PointerEvent) {
      if (!event.isPrimary || event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setAt(pointOf(event));
      setCorner({ ...pointOf(event), isHeld: true });
    },
    onPointerMove: (event: PointerEvent) => event.isPrimary && setAt(pointOf(event)),
    onPointerUp: (event: PointerEvent) =>
      event.isPrimary && corner?.isHeld && finish(pointOf(event), event.altKey),
    onPointerCancel: () => setCorner(null),
    onKeyDown(event: KeyboardEvent) {
      const step = MOVES[event.key];
      const isCommand = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (key === 'enter' || key === ' ') finish(at, event.altKey);
      else if (isCommand && (key === 'y' || (key === 'z' && event.shiftKey))) onHistory(redo);
      else if (isCommand && key === 'z') onHistory(undo);
      else if (key === 'b' && !isCommand) setCorner(corner ? null : { ...at, isHeld: false });
      else if (step) setAt({ x: clamp(at.x + step[0], 0, 1), y: clamp(at.y + step[1], 0, 1) });
      else return;
      event.preventDefault();
    },
  };
  return { at, box: corner && boxOf(corner, at), handlers };
}

/**
 * Lies over the mask: a click asks for the thing there, a drag for what is in the box. By keyboard: the arrow keys move the crosshair,
 * Enter or Space clicks, B begins a box or drops it. With Alt the thing is taken away.
 */
export function PickLayer({ texts, ...props }: Props) {
  const { at, box, handlers } = useCrosshair(props);
  return (
    <div
      className={styles.layer}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is clicked on, by pointer and by keyboard
      tabIndex={0}
      role="application"
      aria-label={texts.howTo}
      {...handlers}
    >
      {box && <span className={styles.box} style={partOf(box, UNIT)} aria-hidden="true" />}
      <span
        className={styles.crosshair}
        style={{ left: `${at.x * 100}%`, top: `${at.y * 100}%` }}
        aria-hidden="true"
      />
    </div>
  );
}

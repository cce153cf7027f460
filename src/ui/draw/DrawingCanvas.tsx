import { type CSSProperties, useRef } from 'react';
import type { Size } from '../../protocol/placement.ts';
import { PAPER } from '../../state/draw/paint-mark.ts';
import { clamp, type PenPoint, usePen } from '../create/start-image/use-pen.ts';
import { type Brush, THINNEST, WIDEST } from './brush.ts';
import styles from './DrawScreen.module.css';
import { useDrawStores, useDrawTexts } from './use-draw.ts';
import { usePaper } from './use-paper.ts';

/** A pen that is hardly pressed draws this part of the width. */
const LIGHTEST = 0.2;

interface Props {
  readonly size: Size;
  readonly brush: Brush;
  readonly onBrush: (change: Partial<Brush>) => void;
  readonly onShown: (drawing: Blob, isNew: boolean) => void;
}

/** The paper, drawn on by pointer and by keyboard, and the outline of the brush. */
export function DrawingCanvas({ size, brush, onBrush, onShown }: Props) {
  const texts = useDrawTexts();
  const canvas = useRef<HTMLCanvasElement>(null);
  const paper = usePaper(canvas, onShown);
  const pen = usePen(useStrokes(paper, size, brush, onBrush), true);
  const outline = {
    left: `${pen.at.x * 100}%`,
    top: `${pen.at.y * 100}%`,
    width: `${(brush.width / size.width) * 100}%`,
  };
  return (
    <div className={styles.paper} style={{ '--ratio': size.width / size.height } as CSSProperties}>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it is drawn on, by pointer and by keyboard */}
      <canvas ref={canvas} tabIndex={0} role="application" aria-label={texts.canvas} {...pen.handlers} />
      <span className={pen.isDown ? styles.penDown : styles.brush} style={outline} aria-hidden="true" />
      <span role="status" className="unseen">
        {pen.isDown ? texts.penDown : texts.penUp}
      </span>
    </div>
  );
}

/** Lines on the paper: painted at once, and told to the store when the pen is up. */
function useStrokes(
  paper: ReturnType<typeof usePaper>,
  { width, height }: Size,
  brush: Brush,
  onBrush: Props['onBrush'],
) {
  const { drawing } = useDrawStores();
  const line = useRef<{ kind: 'line'; points: number[]; colour: string } | null>(null);
  const tenth = (value: number) => Math.round(value * 10) / 10;
  const extend = (points: readonly PenPoint[]) => {
    const drawn = line.current;
    if (!drawn) return;
    const from = drawn.points.length / 3;
    for (const { x, y, pressure } of points) {
      const wide = brush.width * (LIGHTEST + (1 - LIGHTEST) * pressure);
      drawn.points.push(tenth(x * width), tenth(y * height), tenth(wide));
    }
    paper.current?.draw(drawn, from);
  };
  const end = () => {
    const drawn = line.current;
    line.current = null;
    if (drawn) paper.current?.end(drawn);
    return drawn;
  };
  return {
    begin(at: PenPoint) {
      line.current = { kind: 'line', points: [], colour: brush.erases ? PAPER : brush.colour };
      extend([at]);
    },
    extend,
    end() {
      const drawn = end();
      if (drawn) drawing.getState().add(drawn);
    },
    withdraw() {
      const { drawing: before, pictures } = drawing.getState();
      if (end() && before) paper.current?.show(before, pictures);
    },
    undo: () => drawing.getState().undo(),
    redo: () => drawing.getState().redo(),
    resize: (factor: number) => onBrush({ width: clamp(brush.width * factor, THINNEST, WIDEST) }),
  };
}

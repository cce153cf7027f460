import {
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useRef,
  useState,
} from 'react';
import { drawMask, EMPTY_MASK, isEmptyMask, type Mask, type Stroke } from '../../state/mask.ts';
import { Icon } from '../widgets/Icon.tsx';
import styles from './MaskEditor.module.css';

interface Props {
  /** The picture, and how it is cut to the shape asked for. */
  readonly url: string;
  readonly objectFit: 'cover' | 'fill';
  readonly ratio: number;
  readonly mask: Mask | null;
  /** The mask drawn, or null when there is nothing on it. */
  readonly onDone: (mask: Mask | null) => void;
}

/** Pixels of the drawing's longer side; the mask itself is made at the size asked for. */
const DRAWN = 512;
const STEP = 0.02;

/** A safelight's red where the mask is white, nothing where it is black. */
function tinted(mask: ImageData): ImageData {
  for (let i = 0; i < mask.data.length; i += 4)
    mask.data.set([255, 60, 30, (mask.data[i] as number) * 0.6], i);
  return mask;
}

/**
 * Marks with a brush what is to be painted anew. By keyboard: the arrows move the brush, Space dabs, [ and ] change its
 * size, Ctrl+Z takes a stroke back.
 */
export function MaskEditor({ url, objectFit, ratio, mask, onDone }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [marked, setMask] = useState(mask ?? EMPTY_MASK);
  const picture = useBitmap(marked.picture);
  const [radius, setRadius] = useState(0.08);
  const [isSoft, setSoft] = useState(true);
  const [erases, setErases] = useState(false);
  const [brush, setBrush] = useState({ x: 0.5, y: 0.5 });
  const [width, height] = ratio > 1 ? [DRAWN, Math.round(DRAWN / ratio)] : [Math.round(DRAWN * ratio), DRAWN];

  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    const context = canvas.current?.getContext('2d', { willReadFrequently: true });
    if (!context) return;
    drawMask(context, marked, picture, width, height);
    context.putImageData(tinted(context.getImageData(0, 0, width, height)), 0, 0);
  }, [marked, picture, width, height]);

  const begin = (x: number, y: number) => {
    const stroke: Stroke = { points: [x, y], radius, softness: isSoft ? 0.5 : 0, erases };
    setMask((now) => ({ ...now, strokes: [...now.strokes, stroke] }));
  };
  const goOn = (x: number, y: number) =>
    setMask((now) => {
      const last = now.strokes.at(-1) as Stroke;
      return { ...now, strokes: [...now.strokes.slice(0, -1), { ...last, points: [...last.points, x, y] }] };
    });
  const undo = () => setMask((now) => ({ ...now, strokes: now.strokes.slice(0, -1) }));
  const invert = () => setMask((now) => ({ ...now, isInverted: !now.isInverted }));
  const resize = (factor: number) => setRadius((now) => Math.min(0.4, Math.max(0.01, now * factor)));

  const place = ({ clientX, clientY, currentTarget }: PointerEvent) => {
    const box = currentTarget.getBoundingClientRect();
    return { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height };
  };
  const onPointerDown = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const { x, y } = place(event);
    begin(x, y);
  };
  const onPointerMove = (event: PointerEvent) => {
    const { x, y } = place(event);
    setBrush({ x, y });
    if (event.buttons === 1 && event.currentTarget.hasPointerCapture(event.pointerId)) goOn(x, y);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-STEP, 0],
      ArrowRight: [STEP, 0],
      ArrowUp: [0, -STEP],
      ArrowDown: [0, STEP],
    };
    const [dx, dy] = moves[event.key] ?? [0, 0];
    if (event.key === ' ') begin(brush.x, brush.y);
    else if (event.key === '[') resize(1 / 1.2);
    else if (event.key === ']') resize(1.2);
    else if (event.key === 'z' && (event.ctrlKey || event.metaKey)) undo();
    else if (dx === 0 && dy === 0) return;
    else {
      const within = (value: number) => Math.min(1, Math.max(0, value));
      setBrush(({ x, y }) => ({ x: within(x + dx), y: within(y + dy) }));
    }
    event.preventDefault();
  };

  const isEmpty = isEmptyMask(marked);
  const at = { left: `${brush.x * 100}%`, top: `${brush.y * 100}%`, width: `${radius * 200}%` };
  return (
    <dialog
      ref={dialog}
      className={styles.editor}
      style={{ '--ratio': ratio } as CSSProperties}
      aria-label="Mark what to paint anew"
      onClose={() => onDone(isEmpty ? null : marked)}
    >
      <div className={styles.easel}>
        <img src={url} alt="" style={{ objectFit }} />
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it is drawn on, by pointer and by keyboard */}
        <canvas
          ref={canvas}
          width={width}
          height={height}
          tabIndex={0}
          role="application"
          aria-label="Mask. Arrows move the brush, Space dabs, brackets change its size, Control Z takes a stroke back."
          {...{ onPointerDown, onPointerMove, onKeyDown }}
        />
        <span className={styles.brush} style={at} aria-hidden="true" />
      </div>
      <div className={styles.tools}>
        <label>
          Brush
          <input
            type="range"
            min={0.01}
            max={0.4}
            step={0.01}
            value={radius}
            onChange={(event) => setRadius(Number(event.target.value))}
          />
        </label>
        <button type="button" aria-pressed={isSoft} onClick={() => setSoft(!isSoft)}>
          Soft edge
        </button>
        <button type="button" aria-pressed={erases} onClick={() => setErases(!erases)}>
          Erase
        </button>
        <button type="button" aria-disabled={marked.strokes.length === 0} onClick={undo}>
          Undo
        </button>
        <button type="button" aria-pressed={marked.isInverted} onClick={invert}>
          Invert
        </button>
        <button type="button" aria-disabled={isEmpty} onClick={() => setMask(EMPTY_MASK)}>
          Clear
        </button>
        <button type="button" className="primary" onClick={() => dialog.current?.close()}>
          Done
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Leave the mask as it was"
          title="Leave the mask as it was"
          onClick={() => onDone(mask)}
        >
          <Icon name="close" />
        </button>
      </div>
    </dialog>
  );
}

/** A file decoded; null until it is, and where there is none. */
function useBitmap(file: Blob | undefined): ImageBitmap | null {
  const [bitmap, setBitmap] = useState<ImageBitmap | null>(null);
  useEffect(() => {
    if (!file) return;
    let isGone = false;
    const decoding = createImageBitmap(file);
    void decoding.then((decoded) => !isGone && setBitmap(decoded));
    return () => {
      isGone = true;
      setBitmap(null);
      void decoding.then((decoded) => decoded.close());
    };
  }, [file]);
  return bitmap;
}

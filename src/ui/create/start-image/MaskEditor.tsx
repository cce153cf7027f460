import {
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useRef,
  useState,
} from 'react';
import type { Rect } from '../../../protocol/placement.ts';
import { drawMask, EMPTY_MASK, isEmpty } from '../../../state/form/mask.ts';
import {
  addStroke,
  extendStroke,
  redo,
  unchanged,
  undo,
  withdrawn,
} from '../../../state/form/mask-history.ts';
import type { Mask } from '../../../storage/stored-files.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { IconButton } from '../../widgets/IconButton.tsx';
import styles from './MaskEditor.module.css';
import { type Brush, MaskTools } from './MaskTools.tsx';
import { PlacedPicture } from './PlacedPicture.tsx';
import type { PlacedOnCanvas } from './use-placement.ts';

interface Props {
  readonly url: string;
  readonly placed: PlacedOnCanvas;
  readonly mask: Mask | null;
  /** The mask drawn, or null when there is nothing on it. */
  readonly onDone: (mask: Mask | null) => void;
}

/** Pixels of the drawing's longer side; the mask itself is made at the size asked for. */
const DRAWN = 512;
const STEP = 0.02;
const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/** What the dialog returns where the mask is to be as it was. */
const AS_IT_WAS = 'as-it-was';

/** A safelight's red where the mask is white, nothing where it is black. */
function tinted(mask: ImageData): ImageData {
  for (let i = 0; i < mask.data.length; i += 4)
    mask.data.set([255, 60, 30, (mask.data[i] as number) * 0.6], i);
  return mask;
}

const scaled = ({ x, y, width, height }: Rect, scale: number): Rect => ({
  x: x * scale,
  y: y * scale,
  width: width * scale,
  height: height * scale,
});

/**
 * Marks with a brush what is to be painted anew. By keyboard: the arrows move the brush, Space dabs, [ and ] change its
 * size, Ctrl+Z takes a stroke back, Ctrl+Shift+Z does it again.
 */
export function MaskEditor({ url, placed, mask, onDone }: Props) {
  const texts = useTexts().mask;
  const dialog = useRef<HTMLDialogElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [history, setHistory] = useState(unchanged(mask ?? EMPTY_MASK));
  const [brush, setBrush] = useState<Brush>({ radius: 0.08, isSoft: true, erases: false });
  const [at, setAt] = useState({ x: 0.5, y: 0.5 });
  const isDrawing = useRef(false);

  const { now } = history;
  const bitmap = useBitmap(now.picture?.file);
  const { canvas: size, file, placement } = placed;
  const { whole } = placement;
  const ratio = file.width / file.height;
  const scale = DRAWN / Math.max(size.width, size.height);
  const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)];

  useEffect(() => dialog.current?.showModal(), []);
  // It follows what is drawn, not the objects that describe it: they are new each time.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the dialog is modal, so only the mask changes under it
  useEffect(() => {
    const context = canvas.current?.getContext('2d', { willReadFrequently: true });
    if (!context) return;
    drawMask(context, now, bitmap, { canvas: { width, height }, whole: scaled(whole, scale), ratio });
    context.putImageData(tinted(context.getImageData(0, 0, width, height)), 0, 0);
  }, [now, bitmap]);

  /** A place on the canvas as one in the picture. */
  const inPicture = (x: number, y: number): [number, number] => [
    (x * size.width - whole.x) / whole.width,
    (y * size.height - whole.y) / whole.height,
  ];
  const begin = (x: number, y: number) => {
    const radius = (brush.radius * size.width) / whole.width;
    const stroke = {
      points: inPicture(x, y),
      radius,
      softness: brush.isSoft ? 0.5 : 0,
      // Strokes are inverted with the mask; a brush marks all the same.
      erases: brush.erases !== now.isInverted,
    };
    setHistory((before) => addStroke(before, stroke));
  };
  const resize = (factor: number) =>
    setBrush({ ...brush, radius: Math.min(0.4, Math.max(0.01, brush.radius * factor)) });

  const place = ({ clientX, clientY, currentTarget }: PointerEvent): [number, number] => {
    const box = currentTarget.getBoundingClientRect();
    return [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
  };
  const onPointerDown = (event: PointerEvent) => {
    // Neither a second finger nor the right button draws.
    if (!event.isPrimary || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    isDrawing.current = true;
    const [x, y] = place(event);
    setAt({ x, y });
    begin(x, y);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!event.isPrimary) return;
    const [x, y] = place(event);
    setAt({ x, y });
    if (isDrawing.current) setHistory((before) => extendStroke(before, ...inPicture(x, y)));
  };
  const onPointerUp = ({ isPrimary }: PointerEvent) => {
    if (isPrimary) isDrawing.current = false;
  };
  /** What the system takes for a gesture of its own was no stroke. */
  const onPointerCancel = ({ isPrimary }: PointerEvent) => {
    if (!isPrimary || !isDrawing.current) return;
    isDrawing.current = false;
    setHistory(withdrawn);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Else the pointer would draw on at the stroke before.
    isDrawing.current = false;
    const move = MOVES[event.key];
    const isCommand = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (key === ' ') begin(at.x, at.y);
    else if (key === '[') resize(1 / 1.2);
    else if (key === ']') resize(1.2);
    else if (isCommand && (key === 'y' || (key === 'z' && event.shiftKey))) setHistory(redo);
    else if (isCommand && key === 'z') setHistory(undo);
    else if (move) {
      const within = (value: number) => Math.min(1, Math.max(0, value));
      setAt(({ x, y }) => ({ x: within(x + move[0]), y: within(y + move[1]) }));
    } else return;
    event.preventDefault();
  };

  const cursor = {
    left: `${at.x * 100}%`,
    top: `${at.y * 100}%`,
    width: `${brush.radius * 200}%`,
    // A stretched picture has a stretched brush.
    aspectRatio: whole.width / (whole.height * ratio),
  };
  return (
    <dialog
      ref={dialog}
      className={styles.editor}
      style={{ '--ratio': size.width / size.height } as CSSProperties}
      aria-label={texts.label}
      onClose={({ currentTarget }) =>
        onDone(currentTarget.returnValue === AS_IT_WAS ? mask : isEmpty(now) ? null : now)
      }
    >
      <PlacedPicture canvas={size} {...{ url, placement }} alt="">
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it is drawn on, by pointer and by keyboard */}
        <canvas
          ref={canvas}
          className={styles.mask}
          {...{ width, height }}
          tabIndex={0}
          role="application"
          aria-label={texts.howTo}
          {...{ onPointerDown, onPointerMove, onPointerUp, onPointerCancel, onKeyDown }}
        />
        <span className={styles.brush} style={cursor} aria-hidden="true" />
      </PlacedPicture>
      <div className={styles.tools}>
        <MaskTools
          {...{ brush, history }}
          onBrush={(change) => setBrush({ ...brush, ...change })}
          onHistory={setHistory}
        />
        <div className={styles.end}>
          <button type="button" className="primary" onClick={() => dialog.current?.close()}>
            {texts.done}
          </button>
          <IconButton
            icon="close"
            label={texts.leave}
            hasTooltip
            onClick={() => dialog.current?.close(AS_IT_WAS)}
          />
        </div>
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

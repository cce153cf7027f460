import { type Dispatch, type SetStateAction, useEffect, useRef, useState } from 'react';
import type { Rect } from '../../../protocol/placement.ts';
import { drawMask } from '../../../state/form/mask.ts';
import type { MaskHistory } from '../../../state/form/mask-history.ts';
import { useTexts } from '../../texts/use-texts.ts';
import styles from './MaskEditor.module.css';
import type { Brush } from './MaskTools.tsx';
import { useBrush } from './use-brush.ts';
import type { PlacedOnCanvas } from './use-placement.ts';

interface Props {
  readonly placed: PlacedOnCanvas;
  readonly history: MaskHistory;
  readonly brush: Brush;
  readonly onBrush: (change: Partial<Brush>) => void;
  readonly onHistory: Dispatch<SetStateAction<MaskHistory>>;
}

/** Pixels of the longer side on the screen; the mask of the request has the request's size. */
const SHOWN_SIDE = 512;

/** The mask over its picture, drawn on by pointer and by keyboard, and the outline of the brush. */
export function MaskCanvas({ placed, history, brush, onBrush, onHistory }: Props) {
  const texts = useTexts().mask;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { now } = history;
  const { at, handlers } = useBrush({ placed, isInverted: now.isInverted, brush, onBrush, onHistory });

  const { canvas: size, file } = placed;
  const { whole } = placed.placement;
  const ratio = file.width / file.height;
  const scale = SHOWN_SIDE / Math.max(size.width, size.height);
  const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
  const bitmap = useBitmap(now.picture?.file);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the dialog is modal, so only the mask changes under it
  useEffect(() => {
    const context = canvas.current?.getContext('2d', { willReadFrequently: true });
    if (!context) return;
    drawMask(context, now, bitmap, { canvas: { width, height }, whole: scaled(whole, scale), ratio });
    context.putImageData(tinted(context.getImageData(0, 0, width, height)), 0, 0);
  }, [now, bitmap]);

  const outline = {
    left: `${at.x * 100}%`,
    top: `${at.y * 100}%`,
    width: `${brush.radius * 200}%`,
    // A stretched picture has a stretched brush.
    aspectRatio: whole.width / (whole.height * ratio),
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it is drawn on, by pointer and by keyboard */}
      <canvas
        ref={canvas}
        className={styles.mask}
        {...{ width, height }}
        tabIndex={0}
        role="application"
        aria-label={texts.howTo}
        {...handlers}
      />
      <span className={styles.brush} style={outline} aria-hidden="true" />
    </>
  );
}

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

/** A decoded file; null until it is decoded, and without one. */
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

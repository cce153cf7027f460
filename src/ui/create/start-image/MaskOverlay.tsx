import { useRef } from 'react';
import type { Mask } from '../../../storage/stored-files.ts';
import type { PictureOnCanvas } from '../../texts/placement-text.ts';
import styles from './MaskEditor.module.css';
import { useMaskDrawing } from './use-mask-drawing.ts';

/** Pixels of its longer side. */
const SIDE = 256;

/** What is marked to be inpainted, wherever the start picture is shown. */
export function MaskOverlay({ mask, placed }: { readonly mask: Mask; readonly placed: PictureOnCanvas }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useMaskDrawing(canvas, mask, placed, SIDE);
  return <canvas ref={canvas} className={styles.overlay} {...size} />;
}

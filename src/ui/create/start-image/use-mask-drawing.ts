import { type RefObject, useEffect, useState } from 'react';
import type { Rect, Size } from '../../../protocol/placement.ts';
import { drawMask } from '../../../state/form/mask.ts';
import type { Mask } from '../../../storage/stored-files.ts';
import type { PictureOnCanvas } from '../../texts/placement-text.ts';
import { striped } from './striped.ts';

/** All of a picture, as fractions of it. */
const ALL = { x: 0, y: 0, width: 1, height: 1 };

/**
 * Draws a mask on a canvas of the page, as stripes over what is marked; or what is painted on a map, with the map.
 * @param side pixels of the longer side
 * @returns the canvas' size in pixels
 */
export function useMaskDrawing(
  canvas: RefObject<HTMLCanvasElement | null>,
  mask: Mask,
  { canvas: size, file, placement: { whole } }: PictureOnCanvas,
  side: number,
  map?: Blob,
): Size {
  const ratio = file.width / file.height;
  const scale = side / Math.max(size.width, size.height);
  const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
  const bitmap = useBitmap(map ?? mask.picture?.file);
  const { x, y, width: wide, height: high } = whole;
  useEffect(() => {
    const context = canvas.current?.getContext('2d', { willReadFrequently: true });
    if (!context) return;
    const placed = scaled({ x, y, width: wide, height: high }, scale);
    const drawn = map ? { ...mask, picture: { file: map, at: ALL } } : mask;
    drawMask(context, drawn, bitmap, { canvas: { width, height }, whole: placed, ratio });
    if (!map) context.putImageData(striped(context.getImageData(0, 0, width, height)), 0, 0);
  }, [canvas, mask, map, bitmap, width, height, scale, ratio, x, y, wide, high]);
  return { width, height };
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

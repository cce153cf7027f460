import { type CanvasHTMLAttributes, useLayoutEffect, useRef } from 'react';
import { showBitmap } from './show-bitmap.ts';

interface Props extends CanvasHTMLAttributes<HTMLCanvasElement> {
  /** Handed over to the canvas; while it is null the last one stays. */
  readonly bitmap: ImageBitmap | null | undefined;
}

/** A canvas that shows a bitmap. */
export function BitmapCanvas({ bitmap, ...attributes }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current && bitmap) showBitmap(canvas.current, bitmap);
  }, [bitmap]);
  return <canvas ref={canvas} {...attributes} />;
}

import { type RefObject, useEffect, useRef } from 'react';
import { createPaper, type Paper } from '../../state/draw/paper.ts';
import { useDrawStores } from './use-draw.ts';

/**
 * Shows the drawing on a canvas, whatever changes it.
 * @param onShown is given the drawing as a file: at first, and after each change
 */
export function usePaper(
  canvas: RefObject<HTMLCanvasElement | null>,
  onShown: (drawing: Blob, isNew: boolean) => void,
): RefObject<Paper | null> {
  const paper = useRef<Paper | null>(null);
  const { drawing: store } = useDrawStores();
  useEffect(() => {
    if (!canvas.current) return;
    const made = createPaper(canvas.current);
    paper.current = made;
    const show = (isNew: boolean) => {
      const { drawing, pictures } = store.getState();
      if (!drawing) return;
      made.show(drawing, pictures);
      onShown(made.snapshot(), isNew);
    };
    show(false);
    return store.subscribe((now, before) => {
      if (now.drawing !== before.drawing) show(isOther(now.drawing?.marks, before.drawing?.marks));
    });
  }, [canvas, store, onShown]);
  return paper;
}

/** Whether more has changed than which marks are part of the ground. */
const isOther = (now: readonly unknown[] = [], before: readonly unknown[] = []) =>
  now.at(-1) !== before.at(-1) || now.length >= before.length;

import { type PointerEvent, type RefObject, useState } from 'react';

/** The row that is being dragged, and where it would land. */
export interface Drag {
  readonly id: string;
  /** The index among the other rows where it would be dropped now. */
  readonly place: number;
}

/** The index of something dropped at `y` among rows with these middles, from the top: 0 … their number. */
export function dropPlace(y: number, middles: readonly number[]): number {
  return middles.filter((middle) => middle < y).length;
}

/**
 * Lets rows of `list` with a `data-id` be dragged by their handles, with a mouse, a pen or a finger. The rows stay where they
 * are until the drop: a handle that moved in the document would lose its pointer.
 */
export function useDrag(list: RefObject<HTMLElement | null>, onDrop: (id: string, place: number) => void) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const follow = (id: string, y: number) => {
    const others = [...(list.current?.querySelectorAll<HTMLElement>('[data-id]') ?? [])].filter(
      (row) => row.dataset.id !== id,
    );
    const middles = others.map((row) => {
      const { top, height } = row.getBoundingClientRect();
      return top + height / 2;
    });
    setDrag({ id, place: dropPlace(y, middles) });
  };
  const handle = (id: string) => ({
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      follow(id, event.clientY);
    },
    onPointerMove(event: PointerEvent) {
      if (drag?.id === id) follow(id, event.clientY);
    },
    onPointerUp() {
      if (drag) onDrop(drag.id, drag.place);
      setDrag(null);
    },
    onPointerCancel: () => setDrag(null),
  });
  return { drag, handle };
}

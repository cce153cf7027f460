import { defaultRangeExtractor, type Range, useWindowVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useState } from 'react';

/** Pixels between two pictures. */
const GAP = 8;
/** The least width of a picture, in pixels: on phones, where three fit in a row, and elsewhere. */
const NARROW_WIDTH = 104;
const WIDE_WIDTH = 168;
const PHONE_WIDTH = 500;
/** Rows rendered beyond the window. */
const OVERSCAN = 1;
/** Pixels at the top of the window that the buttons cover, at most. */
const COVERED_TOP = 128;

/** A picture that is rendered: its index, and its position in the grid in pixels. */
export interface GridTile {
  readonly index: number;
  readonly x: number;
  readonly y: number;
}

/**
 * Lays out pictures in rows that fill the grid's width, and renders only those in view.
 * @param count how many pictures there are
 * @param focused the picture that has the focus, which is rendered wherever it is; null for none
 */
export function useGridLayout(grid: RefObject<HTMLElement | null>, count: number, focused: number | null) {
  const { width, top } = useBox(grid);
  const columns = columnsIn(width);
  const side = (width - GAP * (columns - 1)) / columns;
  const rangeExtractor = useCallback(
    (range: Range) => {
      const seen = defaultRangeExtractor(range);
      const row = focused === null ? -1 : Math.floor(focused / columns);
      if (row < 0 || row >= range.count || seen.includes(row)) return seen;
      return [...seen, row].sort((a, b) => a - b);
    },
    [focused, columns],
  );
  const virtualizer = useWindowVirtualizer({
    count: Math.ceil(count / columns),
    estimateSize: () => side + GAP,
    overscan: OVERSCAN,
    scrollMargin: top,
    scrollPaddingStart: COVERED_TOP,
    rangeExtractor,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are as high as pictures are wide
  useEffect(() => virtualizer.measure(), [side, virtualizer]);

  const tiles = virtualizer.getVirtualItems().flatMap(({ index: row, start }) =>
    Array.from({ length: Math.min(columns, count - row * columns) }, (_, column): GridTile => {
      return { index: row * columns + column, x: column * (side + GAP), y: start - top };
    }),
  );
  const scrollTo = (index: number) => virtualizer.scrollToIndex(Math.floor(index / columns));
  return { tiles, side, columns, height: virtualizer.getTotalSize(), scrollTo };
}

const columnsIn = (width: number) =>
  Math.max(1, Math.floor((width + GAP) / ((width < PHONE_WIDTH ? NARROW_WIDTH : WIDE_WIDTH) + GAP)));

/** The width of an element, and its distance from the top of the page, in pixels. */
function useBox(element: RefObject<HTMLElement | null>): { width: number; top: number } {
  const [box, setBox] = useState({ width: 0, top: 0 });
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return;
    const measure = () => {
      const { width, top } = current.getBoundingClientRect();
      setBox((before) => {
        const next = { width, top: Math.round(top + scrollY) };
        return before.width === next.width && before.top === next.top ? before : next;
      });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    observer.observe(document.body);
    measure();
    return () => observer.disconnect();
  }, [element]);
  return box;
}

import { defaultRangeExtractor, type Range, useWindowVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'react';
import type { ThumbnailSize } from '../../state/gallery/gallery-view-store.ts';
import { GAP, justifiedLines, type LaidGroup, type Line } from './justified-lines.ts';

/** The height that a line of pictures should have, in pixels: on phones, where about three squares fit in a line, and elsewhere. */
const NARROW_HEIGHTS: Readonly<Record<ThumbnailSize, number>> = { small: 80, medium: 112, large: 220 };
const WIDE_HEIGHTS: Readonly<Record<ThumbnailSize, number>> = { small: 104, medium: 176, large: 288 };
const PHONE_WIDTH = 500;
/** Lines rendered beyond the window. */
const OVERSCAN = 2;
/** Pixels at the top of the window that the buttons cover, at most. */
const COVERED_TOP = 152;

/** A line that is rendered, with its position in the grid in pixels. */
export interface ShownLine extends Line {
  readonly y: number;
}

/**
 * Lays out pictures in lines that fill the grid's width, and renders only those in view.
 * @param focused the picture that has the focus, which is rendered wherever it is; null for none
 */
export function useGridLayout(
  grid: RefObject<HTMLElement | null>,
  groups: readonly LaidGroup[],
  size: ThumbnailSize,
  focused: number | null,
) {
  const { width, top } = useBox(grid);
  const lines = useMemo(() => {
    if (width === 0) return [];
    const heights = width < PHONE_WIDTH ? NARROW_HEIGHTS : WIDE_HEIGHTS;
    return justifiedLines(groups, width, heights[size]);
  }, [groups, width, size]);
  const lineOf = useCallback(
    (picture: number | null) => lines.findIndex(({ tiles }) => tiles.some(({ index }) => index === picture)),
    [lines],
  );
  const focusedLine = focused === null ? -1 : lineOf(focused);
  const rangeExtractor = useCallback(
    (range: Range) => {
      const seen = defaultRangeExtractor(range);
      if (focusedLine < 0 || focusedLine >= range.count || seen.includes(focusedLine)) return seen;
      return [...seen, focusedLine].sort((a, b) => a - b);
    },
    [focusedLine],
  );
  const virtualizer = useWindowVirtualizer({
    count: lines.length,
    estimateSize: (at) => (lines[at]?.height ?? 0) + GAP,
    overscan: OVERSCAN,
    scrollMargin: top,
    scrollPaddingStart: COVERED_TOP,
    rangeExtractor,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: lines are as high as they were laid out
  useEffect(() => virtualizer.measure(), [lines, virtualizer]);

  const shown = virtualizer.getVirtualItems().flatMap(({ index, start }): ShownLine[] => {
    const line = lines[index];
    return line ? [{ ...line, y: start - top }] : [];
  });
  const scrollTo = (picture: number) => virtualizer.scrollToIndex(lineOf(picture));
  return { lines, shown, height: virtualizer.getTotalSize(), scrollTo };
}

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

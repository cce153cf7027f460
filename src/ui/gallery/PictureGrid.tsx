import { defaultRangeExtractor, type Range, useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { PictureRow } from '../../storage/picture-row.ts';
import { useGallery } from '../page/stores-context.ts';
import type { Texts } from '../texts/en.ts';
import { useTexts } from '../texts/use-texts.ts';
import { Icon } from '../widgets/Icon.tsx';
import styles from './PictureGrid.module.css';

interface Props {
  readonly rows: readonly PictureRow[];
  readonly selected: ReadonlySet<string>;
  readonly setSelected: (ids: ReadonlySet<string>) => void;
  readonly onOpen: (id: string) => void;
}

const GAP = 8;
/** The narrowest a picture gets; on phones three in a row. */
const NARROWEST = 104;
const COMFORTABLE = 168;
const OVERSCAN = 1;
/** What is scrolled past faster than this is not read. */
const DWELL_MS = 60;
/** Pixels at the top of the window where the buttons stand, at most. */
const HEAD = 128;

/**
 * Thumbnails, only those in view. A click opens; with Ctrl or ⌘ it selects, with Shift all from the last one; once some are
 * selected every click does. The arrow keys go from picture to picture, X selects.
 */
export function PictureGrid({ rows, selected, setSelected, onOpen }: Props) {
  const texts = useTexts().gallery;
  const grid = useRef<HTMLUListElement>(null);
  const { width, top } = useBox(grid);
  const columns = columnsIn(width);
  const side = (width - GAP * (columns - 1)) / columns;
  /** The picture that has the focus stays where it is, also out of sight. */
  const [focused, setFocused] = useState<number | null>(null);
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
    count: Math.ceil(rows.length / columns),
    estimateSize: () => side + GAP,
    overscan: OVERSCAN,
    scrollMargin: top,
    scrollPaddingStart: HEAD,
    rangeExtractor,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another width, other heights
  useEffect(() => virtualizer.measure(), [side, virtualizer]);
  const last = useRef(0);

  const toggle = useCallback(
    (index: number, isRange: boolean) => {
      const next = new Set(selected);
      const [from, to] = isRange
        ? [Math.min(last.current, index), Math.max(last.current, index)]
        : [index, index];
      const isOn = !selected.has(rows[index]?.id ?? '');
      for (const { id } of rows.slice(from, to + 1)) isOn ? next.add(id) : next.delete(id);
      last.current = index;
      setSelected(next);
    },
    [rows, selected, setSelected],
  );
  const press = useCallback(
    (index: number, { ctrlKey, metaKey, shiftKey }: MouseEvent) => {
      if (ctrlKey || metaKey || shiftKey || selected.size > 0) toggle(index, shiftKey);
      else onOpen(rows[index]?.id ?? '');
    },
    [rows, selected, toggle, onOpen],
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const from = indexOf(event.target);
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    if (from === null) return;
    if (event.key === 'x') toggle(from, event.shiftKey);
    const to = from + (step ?? 0);
    if (step === undefined || !rows[to]) return;
    event.preventDefault();
    virtualizer.scrollToIndex(Math.floor(to / columns));
    requestAnimationFrame(() =>
      grid.current
        ?.querySelector<HTMLElement>(`li[data-index="${to}"] button`)
        ?.focus({ preventScroll: true }),
    );
  };

  const visible = virtualizer.getVirtualItems().flatMap(({ index, start }) =>
    rows.slice(index * columns, (index + 1) * columns).map((row, column) => ({
      row,
      index: index * columns + column,
      x: column * (side + GAP),
      y: start - top,
    })),
  );
  return (
    <ul
      ref={grid}
      className={styles.grid}
      style={{ height: virtualizer.getTotalSize() }}
      aria-label={texts.grid}
      data-selecting={selected.size > 0 || undefined}
      onKeyDown={onKeyDown}
      onFocus={({ target }) => setFocused(indexOf(target))}
      onBlur={() => setFocused(null)}
    >
      {visible.map(({ row, index, x, y }) => (
        <li
          key={row.id}
          data-index={index}
          aria-setsize={rows.length}
          aria-posinset={index + 1}
          style={{ width: side, height: side, transform: `translate(${x}px, ${y}px)` }}
        >
          <Tile row={row} isSelected={selected.has(row.id)} index={index} onPress={press} onToggle={toggle} />
        </li>
      ))}
    </ul>
  );
}

/** Which picture an element of the grid belongs to. */
function indexOf(element: EventTarget): number | null {
  const index = Number((element as HTMLElement).closest('li')?.dataset.index);
  return Number.isNaN(index) ? null : index;
}

const columnsIn = (width: number) =>
  Math.max(1, Math.floor((width + GAP) / ((width < 500 ? NARROWEST : COMFORTABLE) + GAP)));

interface TileProps {
  readonly row: PictureRow;
  readonly isSelected: boolean;
  readonly index: number;
  readonly onPress: (index: number, event: MouseEvent) => void;
  readonly onToggle: (index: number, isRange: boolean) => void;
}

/** Renders again only for news of its own: while the page scrolls only new ones do. */
const Tile = memo(({ row, isSelected, index, onPress, onToggle }: TileProps) => {
  const texts = useTexts().gallery;
  const url = useThumbnail(row.id);
  const text = pictureText(texts, row);
  return (
    <>
      <button
        type="button"
        className={styles.tile}
        aria-label={texts.open(text)}
        onClick={(event) => onPress(index, event)}
      >
        {url && <img src={url} alt="" decoding="async" />}
      </button>
      <input
        type="checkbox"
        className={styles.check}
        aria-label={texts.select(text)}
        checked={isSelected}
        onChange={() => onToggle(index, false)}
      />
      {row.isFavourite && (
        <span className={styles.star}>
          <Icon name="star" />
          <span className="unseen">{texts.favourite}</span>
        </span>
      )}
    </>
  );
});

/** What stands for a picture where it cannot be seen. */
export function pictureText(texts: Texts['gallery'], { settings }: PictureRow): string {
  const { prompt = '', seed } = settings?.settings ?? {};
  if (prompt.trim() !== '') return prompt;
  return seed === undefined ? texts.withoutPrompt : texts.ofSeed(seed);
}

/** An object URL of a thumbnail while it is shown. */
function useThumbnail(id: string): string | null {
  const file = useGallery((gallery) => gallery.file);
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    let isGone = false;
    const dwell = setTimeout(async () => {
      const blob = await file('thumbnail', id);
      if (isGone || !blob) return;
      made = URL.createObjectURL(blob);
      setUrl(made);
    }, DWELL_MS);
    return () => {
      isGone = true;
      clearTimeout(dwell);
      if (made) URL.revokeObjectURL(made);
      setUrl(null);
    };
  }, [id, file]);
  return url;
}

/** The width of an element, and its distance from the top of the page. */
function useBox(element: { readonly current: HTMLElement | null }): { width: number; top: number } {
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

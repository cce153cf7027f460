import { type KeyboardEvent, type MouseEvent, useCallback, useRef, useState } from 'react';
import type { PictureRow } from '../../storage/picture-row.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './PictureGrid.module.css';
import { PictureTile } from './PictureTile.tsx';
import { selectRange } from './select-range.ts';
import { useGridLayout } from './use-grid-layout.ts';

interface Selection {
  readonly rows: readonly PictureRow[];
  readonly selected: ReadonlySet<string>;
  readonly setSelected: (ids: ReadonlySet<string>) => void;
}

interface Props extends Selection {
  readonly onOpen: (id: string) => void;
}

/**
 * Thumbnails of the pictures. A click opens one; with Ctrl or ⌘ it selects it, with Shift all from the last one to it; once
 * some are selected every click selects. The arrow keys go from picture to picture, X selects.
 */
export function PictureGrid({ rows, selected, setSelected, onOpen }: Props) {
  const texts = useTexts().gallery;
  const grid = useRef<HTMLUListElement>(null);
  const [focused, setFocused] = useState<number | null>(null);
  const { tiles, side, columns, height, scrollTo } = useGridLayout(grid, rows.length, focused);
  const toggle = useToggle({ rows, selected, setSelected });
  const onClick = useCallback(
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
    scrollTo(to);
    requestAnimationFrame(() => buttonAt(grid.current, to)?.focus({ preventScroll: true }));
  };
  return (
    <ul
      ref={grid}
      className={styles.grid}
      style={{ height }}
      aria-label={texts.grid}
      data-selecting={selected.size > 0 || undefined}
      onKeyDown={onKeyDown}
      onFocus={({ target }) => setFocused(indexOf(target))}
      onBlur={() => setFocused(null)}
    >
      {tiles.map(({ index, x, y }) => {
        const row = rows[index] as PictureRow;
        return (
          <li
            key={row.id}
            data-index={index}
            aria-setsize={rows.length}
            aria-posinset={index + 1}
            style={{ width: side, height: side, transform: `translate(${x}px, ${y}px)` }}
          >
            <PictureTile
              {...{ row, index, onClick }}
              isSelecting={selected.size > 0}
              isSelected={selected.has(row.id)}
              onToggle={toggle}
            />
          </li>
        );
      })}
    </ul>
  );
}

/** Selects or deselects a picture, or all from the last one to it. */
function useToggle({ rows, selected, setSelected }: Selection) {
  const last = useRef<string | null>(null);
  return useCallback(
    (index: number, isRange: boolean) => {
      const ids = rows.map(({ id }) => id);
      const pressed = ids[index] ?? '';
      setSelected(selectRange(ids, selected, pressed, isRange ? last.current : null));
      last.current = pressed;
    },
    [rows, selected, setSelected],
  );
}

/** Which picture an element of the grid belongs to. */
function indexOf(element: EventTarget): number | null {
  const index = Number((element as HTMLElement).closest('li')?.dataset.index);
  return Number.isNaN(index) ? null : index;
}

const buttonAt = (grid: HTMLElement | null, index: number) =>
  grid?.querySelector<HTMLElement>(`li[data-index="${index}"] button`);

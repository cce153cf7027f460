import { type KeyboardEvent, type MouseEvent, useCallback, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { PictureGroup } from '../../state/gallery/gallery-order.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { useGalleryView, useLanguage } from '../page/stores-context.ts';
import { headingText } from '../texts/heading-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { neighbour } from './justified-lines.ts';
import styles from './PictureGrid.module.css';
import { PictureTile } from './PictureTile.tsx';
import { selectRange } from './select-range.ts';
import { type ShownLine, useGridLayout } from './use-grid-layout.ts';

interface Selection {
  readonly selected: ReadonlySet<string>;
  readonly setSelected: (ids: ReadonlySet<string>) => void;
}

interface Props extends Selection {
  readonly groups: readonly PictureGroup[];
  /** Opens a picture, or a stack. */
  readonly onOpen: (stack: readonly PictureRow[]) => void;
}

/**
 * Thumbnails of the pictures, each in its own shape, under the headings of their groups. A click opens one; with Ctrl or ⌘ it
 * selects it, with Shift all from the last one to it; once some are selected every click selects. The arrow keys go from
 * picture to picture, Home and End to the first and the last one, X selects.
 */
export function PictureGrid({ groups, selected, setSelected, onOpen }: Props) {
  const grid = useRef<HTMLDivElement>(null);
  const size = useGalleryView((view) => view.size);
  const [focused, setFocused] = useState<number | null>(null);
  const stacks = useMemo(() => groups.flatMap((group) => group.stacks), [groups]);
  const shapes = useMemo(() => groups.map(shapesOf), [groups]);
  const { lines, shown, height, scrollTo } = useGridLayout(grid, shapes, size, focused);
  const toggle = useToggle(stacks, { selected, setSelected });
  const onClick = useCallback(
    (index: number, { ctrlKey, metaKey, shiftKey }: MouseEvent) => {
      if (ctrlKey || metaKey || shiftKey || selected.size > 0) toggle(index, shiftKey);
      else onOpen(stacks[index] ?? []);
    },
    [stacks, selected, toggle, onOpen],
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const from = indexOf(event.target);
    if (from === null) return;
    if (event.key === 'x') toggle(from, event.shiftKey);
    const to = neighbour(lines, from, event.key);
    if (to === null) return;
    event.preventDefault();
    // At once: the next key is for the picture that this one went to. What has the focus is rendered.
    flushSync(() => setFocused(to));
    buttonAt(grid.current, to)?.focus({ preventScroll: true });
    scrollTo(to);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons in it take the keys
    <div
      ref={grid}
      className={styles.grid}
      style={{ height }}
      data-selecting={selected.size > 0 || undefined}
      onKeyDown={onKeyDown}
      onFocus={({ target }) => setFocused(indexOf(target))}
      onBlur={() => setFocused(null)}
    >
      {groups.map((group, at) => {
        const ofGroup = shown.filter((line) => line.group === at);
        if (ofGroup.length === 0) return null;
        return (
          <Group
            key={JSON.stringify(group.heading)}
            lines={ofGroup}
            {...{ group, stacks, selected, onClick, toggle }}
          />
        );
      })}
    </div>
  );
}

interface GroupProps {
  readonly group: PictureGroup;
  /** Its lines that are rendered. */
  readonly lines: readonly ShownLine[];
  /** Those of all groups. */
  readonly stacks: readonly (readonly PictureRow[])[];
  readonly selected: ReadonlySet<string>;
  readonly onClick: (index: number, event: MouseEvent) => void;
  readonly toggle: (index: number, isRange: boolean) => void;
}

/** Pictures under one heading, as a list that has its name. */
function Group({ group: { heading }, lines, stacks, selected, onClick, toggle }: GroupProps) {
  const texts = useTexts().gallery;
  const language = useLanguage((choice) => choice.language);
  const text = heading && headingText(language, heading);
  const top = lines.find(({ tiles }) => tiles.length === 0);
  return (
    <section>
      {top && (
        <h2 className={styles.heading} style={{ transform: `translateY(${top.y}px)`, height: top.height }}>
          {text}
        </h2>
      )}
      <ul aria-label={text === null ? texts.grid : `${texts.grid}: ${text}`}>
        {lines.flatMap(({ tiles, y, height }) =>
          tiles.map(({ index, x, width }) => {
            const stack = stacks[index] ?? [];
            return (
              <li
                key={stack[0]?.id}
                data-index={index}
                aria-setsize={stacks.length}
                aria-posinset={index + 1}
                style={{ width, height, transform: `translate(${x}px, ${y}px)` }}
              >
                <PictureTile
                  {...{ stack, index, onClick }}
                  isSelecting={selected.size > 0}
                  isSelected={stack.every(({ id }) => selected.has(id))}
                  onToggle={toggle}
                />
              </li>
            );
          }),
        )}
      </ul>
    </section>
  );
}

/** A group as it is laid out: a stack has the shape of its first picture. */
const shapesOf = ({ heading, stacks }: PictureGroup) => ({
  hasHeading: heading !== null,
  ratios: stacks.map(([first]) => (first ? first.width / first.height : 1)),
});

/** Selects or deselects a picture or a stack, or all from the last one to it. */
function useToggle(stacks: readonly (readonly PictureRow[])[], { selected, setSelected }: Selection) {
  const last = useRef<string | null>(null);
  return useCallback(
    (index: number, isRange: boolean) => {
      const ids = stacks.map((stack) => stack.map(({ id }) => id));
      const pressed = ids[index]?.[0] ?? '';
      setSelected(selectRange(ids, selected, pressed, isRange ? last.current : null));
      last.current = pressed;
    },
    [stacks, selected, setSelected],
  );
}

/** Which picture an element of the grid belongs to. */
function indexOf(element: EventTarget): number | null {
  const index = Number((element as HTMLElement).closest('li')?.dataset.index);
  return Number.isNaN(index) ? null : index;
}

const buttonAt = (grid: HTMLElement | null, index: number) =>
  grid?.querySelector<HTMLElement>(`li[data-index="${index}"] button`);

import { type KeyboardEvent, type ToggleEvent, useId, useRef, useState } from 'react';
import { Icon } from './Icon.tsx';
import styles from './Menu.module.css';
import { useClosedWhenMoved } from './use-closed-when-moved.ts';

interface Props {
  /** The button's name. */
  readonly label: string;
  readonly describedBy: string;
  /** What each entry does, by its label, in the order shown. */
  readonly entries: Readonly<Record<string, () => void>>;
}

/** Pixels that an entry takes: whether the menu fits below its button must be known before it is shown. */
const ENTRY_HEIGHT = 44;
const GAP = 4;

/** A button with a menu (ARIA APG, menu button). The menu is a popover: Esc and a click elsewhere close it. */
export function Menu({ label, describedBy, entries }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  useClosedWhenMoved(isOpen, button, menu);
  const close = () => menu.current?.hidePopover();

  const onBeforeToggle = ({ newState }: ToggleEvent) => {
    const box = button.current?.getBoundingClientRect();
    if (newState !== 'open' || !box || !menu.current) return;
    menu.current.style.cssText = positionAt(box, Object.keys(entries).length * ENTRY_HEIGHT);
  };
  const onToggle = ({ newState }: ToggleEvent) => {
    setOpen(newState === 'open');
    if (newState !== 'open') return;
    menu.current?.querySelector('button')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Keys, Esc above all, are meant for the menu, not for what is behind it.
    event.stopPropagation();
    if (event.key === 'Tab') close();
    else if (menu.current) moveFocus(menu.current, event);
  };

  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={label}
        aria-describedby={describedBy}
        title={label}
      >
        <Icon name="more" />
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className={styles.menu}
        {...{ onBeforeToggle, onToggle, onKeyDown }}
      >
        <Entries {...{ entries, close }} />
      </div>
    </>
  );
}

function Entries({ entries, close }: Pick<Props, 'entries'> & { readonly close: () => void }) {
  return Object.entries(entries).map(([label, act]) => (
    <button
      key={label}
      type="button"
      role="menuitem"
      tabIndex={-1}
      onClick={() => {
        close();
        act();
      }}
    >
      {label}
    </button>
  ));
}

/** The CSS position of a menu: below its button if it fits there, else above. */
function positionAt(button: DOMRect, height: number): string {
  const isBelow = button.bottom + GAP + height < innerHeight;
  const vertical = isBelow ? `top: ${button.bottom + GAP}px` : `bottom: ${innerHeight - button.top + GAP}px`;
  return `${vertical}; right: ${document.documentElement.clientWidth - button.right}px`;
}

/** Moves the focus among the entries by arrow keys, Home and End. */
function moveFocus(menu: HTMLElement, event: KeyboardEvent): void {
  const items = [...menu.querySelectorAll('button')];
  const at = items.indexOf(document.activeElement as HTMLButtonElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items.at(next % items.length)?.focus();
}

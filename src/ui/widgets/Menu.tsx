import { type KeyboardEvent, type ToggleEvent, useId, useRef, useState } from 'react';
import { Icon } from './Icon.tsx';
import styles from './Menu.module.css';

interface Props {
  /** The button's name. */
  readonly label: string;
  readonly describedBy: string;
  /** What each entry does, by its words, in the order shown. */
  readonly entries: Readonly<Record<string, () => void>>;
}

/** Room an entry takes, pixels: whether the menu fits under its button is known before it is shown. */
const ENTRY_HEIGHT = 44;
const GAP = 4;

/** A button with a menu (ARIA APG, menu button). The menu is a popover: Esc and a press elsewhere close it. */
export function Menu({ label, describedBy, entries }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = () => menu.current?.hidePopover();

  const place = ({ newState }: ToggleEvent) => {
    const box = button.current?.getBoundingClientRect();
    if (newState !== 'open' || !box || !menu.current) return;
    const fits = box.bottom + GAP + Object.keys(entries).length * ENTRY_HEIGHT < innerHeight;
    const vertical = fits ? `top: ${box.bottom + GAP}px` : `bottom: ${innerHeight - box.top + GAP}px`;
    menu.current.style.cssText = `${vertical}; right: ${document.documentElement.clientWidth - box.right}px`;
  };
  const onToggle = ({ newState }: ToggleEvent) => {
    setOpen(newState === 'open');
    if (newState !== 'open') return;
    menu.current?.querySelector('button')?.focus();
    addEventListener('scroll', close, { capture: true, once: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const items = [...(menu.current?.querySelectorAll('button') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    // What is pressed here, Esc above all, is meant for the menu and nothing behind it.
    event.stopPropagation();
    if (event.key === 'Tab') close();
    if (next === undefined) return;
    event.preventDefault();
    items.at(next % items.length)?.focus();
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
        onBeforeToggle={place}
        onToggle={onToggle}
        onKeyDown={onKeyDown}
      >
        {Object.entries(entries).map(([words, act]) => (
          <button
            key={words}
            type="button"
            role="menuitem"
            tabIndex={-1}
            onClick={() => {
              close();
              act();
            }}
          >
            {words}
          </button>
        ))}
      </div>
    </>
  );
}

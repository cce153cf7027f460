import { type ToggleEvent, useId, useRef, useState } from 'react';
import type { HelpName } from '../texts/setting-help.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './HelpButton.module.css';
import { Icon } from './Icon.tsx';
import { lazily } from './lazily.tsx';
import { useClosedWhenMoved } from './use-closed-when-moved.ts';

interface Props {
  readonly name: HelpName;
  /** The setting's own label. */
  readonly label: string;
}

/** Its texts are loaded when one is first asked for. */
const HelpText = lazily(async () => (await import('./HelpText.tsx')).HelpText, NotLoaded);

const GAP = 4;

/** “?” beside a setting's label. A press shows in plain words what the setting does; Esc or a press elsewhere closes that. */
export function HelpButton({ name, label }: Props) {
  const id = useId();
  const texts = useTexts().fields;
  const button = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  useClosedWhenMoved(isOpen, button, popover);

  const onBeforeToggle = ({ newState }: ToggleEvent) => {
    if (newState === 'open' && button.current && popover.current)
      popover.current.style.cssText = placeBeside(button.current.getBoundingClientRect());
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={styles.button}
        popoverTarget={id}
        aria-label={texts.help(label)}
        aria-expanded={isOpen}
        aria-describedby={isOpen ? id : undefined}
      >
        <Icon name="help" />
      </button>
      <div
        ref={popover}
        id={id}
        popover="auto"
        className={styles.help}
        onBeforeToggle={onBeforeToggle}
        onToggle={({ newState }) => setOpen(newState === 'open')}
      >
        {isOpen && <HelpText {...{ name, label }} />}
      </div>
    </>
  );
}

/** The CSS position of what stands below a button, or above one in the lower half of the window, and as high as there is room. */
function placeBeside({ left, top, bottom }: DOMRect): string {
  const isBelow = (top + bottom) / 2 < innerHeight / 2;
  const edge = isBelow ? bottom + GAP : innerHeight - top + GAP;
  return `--left: ${left}px; --edge-at: ${edge}px; ${isBelow ? 'top' : 'bottom'}: var(--edge-at)`;
}

function NotLoaded() {
  return <p role="alert">{useTexts().app.notLoaded}</p>;
}

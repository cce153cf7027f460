import { useId, useRef, useState } from 'react';
import { secondsLeft } from '../../state/jobs/speed-store.ts';
import { useGeneration, useQueue, useSpeeds } from '../page/stores-context.ts';
import { lineText, percentDone } from '../texts/queue-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './Queue.module.css';
import { QueuePanel } from './QueuePanel.tsx';

/** The queue in a line, a button that opens the panel. Rendered while the queue has jobs, or while it has the focus. */
export function QueueLine({
  isAlone = false,
}: {
  /** No progress bar stands beside it. */ readonly isAlone?: boolean;
}) {
  const texts = useTexts().queue;
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [isFocused, setIsFocused] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const queue = useQueue((all) => all);
  const { running, waiting, failed, resume } = queue;
  const speeds = useSpeeds((all) => all);
  const text = useGeneration((generation) => lineText(texts, queue, secondsLeft(queue, generation, speeds)));
  const percent = useGeneration(percentDone);
  if (!running && waiting.length + failed.length === 0 && !isOpen && !isFocused) return null;

  return (
    <div className={styles.line}>
      {waiting.some(({ isHeld }) => isHeld) && (
        <button
          type="button"
          onClick={() => {
            button.current?.focus();
            resume();
          }}
        >
          {texts.resume}
        </button>
      )}
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        onFocus={() => setIsFocused(true)}
        onBlur={() => setIsFocused(false)}
      >
        <span className="unseen">{texts.spoken} </span>
        {isAlone && running && `${texts.painting(percent)} · `}
        {text}
      </button>
      <section
        id={id}
        popover="auto"
        aria-label={texts.label}
        className={styles.panel}
        onToggle={(event) => setIsOpen(event.newState === 'open')}
      >
        {isOpen && <QueuePanel close={() => document.getElementById(id)?.hidePopover()} />}
      </section>
    </div>
  );
}

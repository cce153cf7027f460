import { useId, useRef, useState } from 'react';
import { secondsLeft } from '../../state/jobs/speed-store.ts';
import { useGeneration, useQueue, useSpeeds } from '../page/stores-context.ts';
import { lineText, percentDone } from '../texts/queue-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { Icon } from '../widgets/Icon.tsx';
import styles from './Queue.module.css';
import { QueuePanel } from './QueuePanel.tsx';

/** The queue in a line: a button that opens the panel, on every screen and whether there are jobs or not. */
export function QueueLine({
  isAlone = false,
}: {
  /** No progress bar stands on the same screen. */ readonly isAlone?: boolean;
}) {
  const texts = useTexts().queue;
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const queue = useQueue((all) => all);
  const { running, waiting, failed, resume } = queue;
  const speeds = useSpeeds((all) => all);
  const text = useGeneration((generation) => lineText(texts, queue, secondsLeft(queue, generation, speeds)));
  const percent = useGeneration(percentDone);
  const held = waiting.filter(({ isHeld }) => isHeld).length;
  const isEmpty = !running && waiting.length + failed.length === 0;

  return (
    <div className={styles.line} data-empty={isEmpty || undefined}>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-label={isEmpty ? `${texts.spoken} ${texts.empty}` : undefined}
        title={isEmpty ? texts.label : undefined}
      >
        <Icon name="queue" />
        <span className="unseen">{texts.spoken} </span>
        {isEmpty ? (
          <span className={styles.word}>{texts.label}</span>
        ) : (
          <span>
            {isAlone && running && `${texts.painting(percent)} · `}
            {text}
          </span>
        )}
      </button>
      {held > 0 && (
        <button
          type="button"
          onClick={() => {
            button.current?.focus();
            resume();
          }}
        >
          {held === 1 ? texts.start : texts.startAll}
        </button>
      )}
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

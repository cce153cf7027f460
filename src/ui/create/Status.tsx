import { useEffect, useRef } from 'react';
import type { Experiments } from '../../state/experiments.ts';
import { queueNews } from '../queue/queue-text.ts';
import { useExperiments, useGeneration, useNotice, useQueue } from '../stores-context.ts';
import { announcement } from './progress-text.ts';
import styles from './Status.module.css';

/** The page's one voice for screen readers. What has just worked is also shown, above all else, for a while. */
export function Status() {
  const shown = useRef<HTMLSpanElement>(null);
  const notice = useNotice(({ text }) => text);
  const count = useNotice((notices) => notices.count);
  const ofExperiment = useExperiments(experimentNews);
  const ofPicture = useGeneration(announcement);
  useEffect(() => {
    shown.current?.togglePopover(notice !== '');
  }, [notice]);
  return (
    <div role="status" aria-atomic="false">
      <span className="unseen">{ofExperiment ?? ofPicture}</span>
      <span className="unseen">{useQueue(queueNews)}</span>
      <span ref={shown} popover="manual" className={styles.notice}>
        <span key={count}>{notice}</span>
      </span>
    </div>
  );
}

/** While an experiment runs its pictures are counted, not each one's steps. */
function experimentNews({ phase, current }: Experiments): string | null {
  if (phase === 'idle' || !current) return null;
  const done = current.cells.filter(({ state }) => state === 'done').length;
  return `Experiment: ${done} of ${current.cells.length} pictures.`;
}

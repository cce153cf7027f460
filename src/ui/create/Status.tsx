import { useEffect, useRef } from 'react';
import { queueNews } from '../queue/queue-text.ts';
import { useGeneration, useNotice, useQueue } from '../stores-context.ts';
import { announcement } from './progress-text.ts';
import styles from './Status.module.css';

/** The page's one voice for screen readers. What has just worked is also shown, above all else, for a while. */
export function Status() {
  const shown = useRef<HTMLSpanElement>(null);
  const notice = useNotice(({ text }) => text);
  const count = useNotice((notices) => notices.count);
  const news = useGeneration(announcement);
  useEffect(() => {
    shown.current?.togglePopover(notice !== '');
  }, [notice]);
  return (
    <div role="status" aria-atomic="false">
      <span className="unseen">{news}</span>
      <span className="unseen">{useQueue(queueNews)}</span>
      <span ref={shown} popover="manual" className={styles.notice}>
        <span key={count}>{notice}</span>
      </span>
    </div>
  );
}

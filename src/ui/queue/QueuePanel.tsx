import { useLayoutEffect, useRef } from 'react';
import { useGeneration, useQueue } from '../page/stores-context.ts';
import { errorText } from '../texts/error-text.ts';
import { jobName, percentDone } from '../texts/queue-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { IconButton } from '../widgets/IconButton.tsx';
import { DoneNoticeSwitch } from './DoneNoticeSwitch.tsx';
import { JobRow } from './JobRow.tsx';
import styles from './Queue.module.css';
import { WaitingJobs } from './WaitingJobs.tsx';

/** The running job, the waiting ones in their order, and the failed ones. */
export function QueuePanel({ close }: { readonly close: () => void }) {
  const texts = useTexts().queue;
  const heading = useRef<HTMLHeadingElement>(null);
  const { running, waiting, failed, clear, stopAll, resume } = useQueue((queue) => queue);
  const held = waiting.filter(({ isHeld }) => isHeld).length;
  const onFocus = useFocusFallback(() => heading.current?.focus({ preventScroll: true }));

  return (
    <div className={styles.content} {...{ onFocus }}>
      <div className={styles.heading}>
        <h2 ref={heading} tabIndex={-1}>
          {texts.label}
        </h2>
        <IconButton icon="close" label={texts.close} onClick={close} />
      </div>
      {held > 0 && (
        <div className={styles.held}>
          <p>{texts.heldJobs(held)}</p>
          <button type="button" onClick={() => resume()}>
            {held === 1 ? texts.start : texts.startAll}
          </button>
        </div>
      )}
      {!running && waiting.length + failed.length === 0 && <p className={styles.empty}>{texts.howToFill}</p>}
      <Running />
      <WaitingJobs />
      <Failed />
      <div className={styles.foot}>
        <DoneNoticeSwitch />
        {waiting.length > 0 && (
          <button type="button" onClick={clear}>
            {texts.cancelAll}
          </button>
        )}
        {running && (
          <button type="button" onClick={stopAll}>
            {texts.stopAll}
          </button>
        )}
      </div>
    </div>
  );
}

function Running() {
  const texts = useTexts().queue;
  const running = useQueue((queue) => queue.running);
  const cancel = useQueue((queue) => queue.cancel);
  const percent = useGeneration(percentDone);
  if (!running) return null;
  return (
    <ul aria-label={texts.lists.running} className={styles.running}>
      <JobRow job={running} fact={percent === null ? texts.inProgress : texts.percent(percent)}>
        <button
          type="button"
          aria-label={texts.stopJob(jobName(texts, running.request))}
          onClick={() => cancel(running.id)}
        >
          {texts.stop}
        </button>
      </JobRow>
    </ul>
  );
}

function Failed() {
  const { queue: texts, errors } = useTexts();
  const failed = useQueue((queue) => queue.failed);
  const retry = useQueue((queue) => queue.retry);
  const dismiss = useQueue((queue) => queue.dismiss);
  if (failed.length === 0) return null;
  return (
    <ul aria-label={texts.lists.failed}>
      {failed.map((job) => {
        const name = jobName(texts, job.request);
        return (
          <JobRow key={job.id} job={job} fact={null} fault={errorText(errors, 'queue', job.error)}>
            <button type="button" aria-label={texts.tryJobAgain(name)} onClick={() => retry(job.id)}>
              {texts.tryAgain}
            </button>
            <IconButton icon="close" label={texts.forget(name)} onClick={() => dismiss(job.id)} />
          </JobRow>
        );
      })}
    </ul>
  );
}

/** Gives the focus away where the button that had it disappears, as when its job begins. */
function useFocusFallback(giveFocus: () => void): () => void {
  const hadFocus = useRef(false);
  useLayoutEffect(() => {
    const isNowhere = document.activeElement === document.body;
    if (hadFocus.current && isNowhere) giveFocus();
  });
  return () => {
    hadFocus.current = true;
  };
}

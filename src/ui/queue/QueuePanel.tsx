import { useLayoutEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import { useGeneration, useQueue } from '../page/stores-context.ts';
import { errorText } from '../texts/error-text.ts';
import { jobName, percentDone } from '../texts/queue-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { IconButton } from '../widgets/IconButton.tsx';
import { DoneNoticeSwitch } from './DoneNoticeSwitch.tsx';
import { JobRow } from './JobRow.tsx';
import styles from './Queue.module.css';
import { useDrag } from './use-drag.ts';

/** What runs, what waits in its order, and what failed. */
export function QueuePanel({ close }: { readonly close: () => void }) {
  const texts = useTexts().queue;
  const heading = useRef<HTMLHeadingElement>(null);
  const { running, waiting, failed, clear, stopAll, resume } = useQueue((queue) => queue);
  const held = waiting.filter(({ isHeld }) => isHeld).length;
  const onFocus = useFocusHeir(() => heading.current?.focus({ preventScroll: true }));

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
          <button type="button" onClick={resume}>
            {texts.resume}
          </button>
        </div>
      )}
      {!running && waiting.length + failed.length === 0 && <p className={styles.empty}>{texts.howToFill}</p>}
      <Running />
      <Waiting />
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
    <ul aria-label={texts.lists.running}>
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

function Waiting() {
  const texts = useTexts().queue;
  const list = useRef<HTMLOListElement>(null);
  const waiting = useQueue((queue) => queue.waiting);
  const move = useQueue((queue) => queue.move);
  const cancel = useQueue((queue) => queue.cancel);
  const { drag, handle } = useDrag(list, move);
  if (waiting.length === 0) return null;

  /** Pressed in the row's new place again: the row moves in the document, and would lose the focus. */
  const moveBy = (button: HTMLElement, id: string, to: number) => {
    if (to < 0 || to >= waiting.length) return;
    flushSync(() => move(id, to));
    button.focus();
  };
  const cancelAt = (id: string, place: number) => {
    flushSync(() => cancel(id));
    const buttons = list.current?.querySelectorAll<HTMLElement>('[data-cancel]') ?? [];
    buttons[Math.min(place, buttons.length - 1)]?.focus();
  };
  const others = waiting.filter(({ id }) => id !== drag?.id);
  const mark = (id: string): 'above' | 'below' | undefined => {
    if (drag && others[drag.place]?.id === id) return 'above';
    return drag && drag.place === others.length && others.at(-1)?.id === id ? 'below' : undefined;
  };

  return (
    <ol ref={list} aria-label={texts.lists.waiting}>
      {waiting.map((job, place) => {
        const { id, request } = job;
        const name = jobName(texts, request);
        return (
          <JobRow
            key={id}
            job={job}
            fact={job.isHeld ? texts.isHeld : null}
            handle={handle(id)}
            drop={mark(id)}
            isDragged={drag?.id === id}
          >
            <IconButton
              icon="up"
              label={texts.moveUp(name)}
              aria-disabled={place === 0}
              onClick={({ currentTarget }) => moveBy(currentTarget, id, place - 1)}
            />
            <IconButton
              icon="down"
              label={texts.moveDown(name)}
              aria-disabled={place === waiting.length - 1}
              onClick={({ currentTarget }) => moveBy(currentTarget, id, place + 1)}
            />
            <IconButton
              icon="close"
              label={texts.cancel(name)}
              data-cancel
              onClick={() => cancelAt(id, place)}
            />
          </JobRow>
        );
      })}
    </ol>
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
          <JobRow key={job.id} job={job} fact={null} fault={errorText(errors, job.error)}>
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

/** A button that goes away with the focus on it, as when its job begins, leaves it to the heir. */
function useFocusHeir(giveFocus: () => void): () => void {
  const hadFocus = useRef(false);
  useLayoutEffect(() => {
    const isNowhere = document.activeElement === document.body;
    if (hadFocus.current && isNowhere) giveFocus();
  });
  return () => {
    hadFocus.current = true;
  };
}

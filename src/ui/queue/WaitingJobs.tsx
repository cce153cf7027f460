import { useRef } from 'react';
import { flushSync } from 'react-dom';
import type { Job } from '../../state/jobs/queue-store.ts';
import { useQueue } from '../page/stores-context.ts';
import { jobName } from '../texts/queue-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { IconButton } from '../widgets/IconButton.tsx';
import { JobRow } from './JobRow.tsx';
import { type Drag, useDrag } from './use-drag.ts';

/** The waiting jobs: they can be dragged or moved by buttons to another place, and cancelled. */
export function WaitingJobs() {
  const texts = useTexts().queue;
  const list = useRef<HTMLOListElement>(null);
  const waiting = useQueue((queue) => queue.waiting);
  const move = useQueue((queue) => queue.move);
  const { drag, handle } = useDrag(list, move);
  if (waiting.length === 0) return null;
  return (
    <ol ref={list} aria-label={texts.lists.waiting}>
      {waiting.map((job, index) => (
        <JobRow
          key={job.id}
          job={job}
          fact={job.isHeld ? texts.isHeld : null}
          handle={handle(job.id)}
          drop={dropSide(drag, job.id, waiting)}
          isDragged={drag?.id === job.id}
        >
          <JobButtons {...{ job, index }} count={waiting.length} />
        </JobRow>
      ))}
    </ol>
  );
}

interface ButtonsProps {
  readonly job: Job;
  readonly index: number;
  /** How many jobs wait. */
  readonly count: number;
}

function JobButtons({ job, index, count }: ButtonsProps) {
  const texts = useTexts().queue;
  const move = useQueue((queue) => queue.move);
  const cancel = useQueue((queue) => queue.cancel);
  const resume = useQueue((queue) => queue.resume);
  const name = jobName(texts, job.request);
  /** The row moves in the document, and its button would lose the focus. */
  const moveTo = (button: HTMLElement, to: number) => {
    if (to < 0 || to >= count) return;
    flushSync(() => move(job.id, to));
    button.focus();
  };
  /** The focus goes to the next job's button, or to the last one. */
  const cancelAt = (button: HTMLElement) => {
    const list = button.closest('ol');
    flushSync(() => cancel(job.id));
    const buttons = list?.querySelectorAll<HTMLElement>('[data-cancel]') ?? [];
    buttons[Math.min(index, buttons.length - 1)]?.focus();
  };
  return (
    <>
      {job.isHeld && (
        <button type="button" aria-label={texts.startJob(name)} onClick={() => resume(job.id)}>
          {texts.start}
        </button>
      )}
      <IconButton
        icon="up"
        label={texts.moveUp(name)}
        aria-disabled={index === 0}
        onClick={({ currentTarget }) => moveTo(currentTarget, index - 1)}
      />
      <IconButton
        icon="down"
        label={texts.moveDown(name)}
        aria-disabled={index === count - 1}
        onClick={({ currentTarget }) => moveTo(currentTarget, index + 1)}
      />
      <IconButton
        icon="close"
        label={texts.cancel(name)}
        data-cancel
        onClick={({ currentTarget }) => cancelAt(currentTarget)}
      />
    </>
  );
}

/** On which side of this job's row the dragged job would be dropped. */
function dropSide(drag: Drag | null, id: string, waiting: readonly Job[]): 'above' | 'below' | undefined {
  if (!drag) return undefined;
  const others = waiting.filter((job) => job.id !== drag.id);
  if (others[drag.place]?.id === id) return 'above';
  return drag.place === others.length && others.at(-1)?.id === id ? 'below' : undefined;
}

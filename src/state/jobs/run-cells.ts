import { AppError } from '../../protocol/errors.ts';
import type { Submitted } from './submit.ts';

/** How the cells of an experiment are run. */
export interface CellRun {
  /** The cells in the order in which they run. */
  readonly order: readonly number[];
  /** Stops the run when it aborts; aborted here when a job was stopped elsewhere. */
  readonly abort: AbortController;
  isWaiting(cell: number): boolean;
  /** Adds a cell to the queue; resolves with its picture, or with why there is none. */
  submit(cell: number): Promise<Submitted | AppError>;
  onStart(cell: number): void;
  onEnd(cell: number, end: Submitted | AppError): Promise<void>;
}

/** Runs the waiting cells until none is left or one is stopped; a cell that fails does not end the run. */
export async function runCells({ order, abort, isWaiting, submit, onStart, onEnd }: CellRun): Promise<void> {
  const submitted = new Set<number>();
  const submitNext = () => {
    const cell = abort.signal.aborted
      ? undefined
      : order.find((one) => isWaiting(one) && !submitted.has(one));
    if (cell === undefined) return null;
    submitted.add(cell);
    return { cell, end: submit(cell) };
  };
  let job = submitNext();
  while (job) {
    // One ahead, so that the queue is not idle between two cells.
    const following = submitNext();
    onStart(job.cell);
    const end = await job.end;
    submitted.delete(job.cell);
    await onEnd(job.cell, end);
    if (end instanceof AppError && end.code === 'aborted') {
      abort.abort(end);
      await following?.end;
      return;
    }
    job = following ?? submitNext();
  }
}

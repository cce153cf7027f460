import { expect, test } from 'vitest';
import { AppError } from '../../protocol/errors.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import { createQueueStore, type Job, type JobRunner } from './queue-store.ts';
import type { FinishedRun } from './run.ts';
import { submitTo } from './submit.ts';

const REQUEST = requestWith({ width: 64 });
const ORIGIN = { kind: 'experiment', experiment: 'a', cell: 1 } as const;

/** A queue whose jobs finish when the test says so. */
function setup() {
  const started: { job: Job; end: (end: FinishedRun | AppError) => void }[] = [];
  const runner: JobRunner = {
    run: (job) => new Promise((end) => started.push({ job, end })),
    stop: () => started.at(-1)?.end(new AppError('aborted', 'Stopped.')),
  };
  let ids = 0;
  const storage = { adopt: async () => {}, save: async () => {} };
  const queue = createQueueStore(
    runner,
    storage,
    () => String(ids++),
    async () => {},
  );
  const finish = (text: string) => {
    const pictures = [{ seed: 0, preview: null, frames: [], png: new Blob([text]), url: null }];
    started.at(-1)?.end({ pictures, result: { seconds: 2 } } as unknown as FinishedRun);
  };
  return { started, queue, finish, submit: submitTo(queue) };
}

test('a submitted request waits its turn, carries its origin, and gives its picture', async () => {
  const { started, queue, finish, submit } = setup();
  queue.getState().add(REQUEST, { kind: 'create' });
  const submitted = submit({ ...REQUEST, seed: 2 }, ORIGIN, new AbortController().signal);
  expect(started).toHaveLength(1);
  finish('of the form');
  await expect.poll(() => started.length).toBe(2);
  expect(started[1]?.job).toMatchObject({ request: { seed: 2 }, origin: ORIGIN });
  finish('of the cell');
  const { png, seconds } = await submitted;
  expect([await png.text(), seconds]).toEqual(['of the cell', 2]);
});

test('the error of the job is thrown', async () => {
  const { started, submit } = setup();
  const submitted = submit(REQUEST, ORIGIN, new AbortController().signal);
  started[0]?.end(new AppError('out-of-memory', 'full'));
  await expect(submitted).rejects.toMatchObject({ code: 'out-of-memory' });
});

test('the signal stops a running job, removes a waiting one, and keeps another from being added', async () => {
  const { started, queue, submit } = setup();
  const abort = new AbortController();
  const both = [submit(REQUEST, ORIGIN, abort.signal), submit(REQUEST, ORIGIN, abort.signal)];
  expect(queue.getState().waiting).toHaveLength(1);
  abort.abort(new AppError('aborted', 'Stopped.'));
  for (const submitted of both) await expect(submitted).rejects.toMatchObject({ code: 'aborted' });
  await expect(submit(REQUEST, ORIGIN, abort.signal)).rejects.toMatchObject({ code: 'aborted' });
  expect(started).toHaveLength(1);
  expect(queue.getState()).toMatchObject({ running: null, waiting: [] });
});

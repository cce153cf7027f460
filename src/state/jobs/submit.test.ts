import { expect, test } from 'vitest';
import { AppError } from '../../protocol/errors.ts';
import { requestWith } from '../../protocol/sample-request.ts';
import type { FinishedRun } from './generation.ts';
import { createQueueStore, type Job, type Painter } from './queue.ts';
import { submitTo } from './submit.ts';

const REQUEST = requestWith({ width: 64 });
const ORIGIN = { kind: 'experiment', experiment: 'a', cell: 1 } as const;

/** A painter that finishes when it is told to. */
function setup() {
  const painted: { job: Job; end: (end: FinishedRun | AppError) => void }[] = [];
  const painter: Painter = {
    paint: (job) => new Promise((end) => painted.push({ job, end })),
    stop: () => painted.at(-1)?.end(new AppError('aborted', 'Stopped.')),
  };
  let ids = 0;
  const kept = { adopt: async () => {}, save: async () => {} };
  const queue = createQueueStore(painter, kept, () => String(ids++));
  const finish = (text: string) => {
    const pictures = [{ seed: 0, preview: null, frames: [], png: new Blob([text]), url: null }];
    painted.at(-1)?.end({ pictures, result: { seconds: 2, device: 'wasm' } } as unknown as FinishedRun);
  };
  return { painted, queue, finish, submit: submitTo(queue) };
}

test('it takes its turn, says whose it is, and gives its picture', async () => {
  const { painted, queue, finish, submit } = setup();
  queue.getState().add(REQUEST, { kind: 'create' });
  const submitted = submit({ ...REQUEST, seed: 2 }, ORIGIN, new AbortController().signal);
  expect(painted).toHaveLength(1);
  finish('of the form');
  await expect.poll(() => painted.length).toBe(2);
  expect(painted[1]?.job).toMatchObject({ request: { seed: 2 }, origin: ORIGIN });
  finish('of the cell');
  const { png, seconds } = await submitted;
  expect([await png.text(), seconds]).toEqual(['of the cell', 2]);
});

test('what went wrong is thrown', async () => {
  const { painted, submit } = setup();
  const submitted = submit(REQUEST, ORIGIN, new AbortController().signal);
  painted[0]?.end(new AppError('out-of-memory', 'full'));
  await expect(submitted).rejects.toMatchObject({ code: 'out-of-memory' });
});

test('its signal stops it while it runs, takes it out of the line while it waits, and keeps it from beginning', async () => {
  const { painted, queue, submit } = setup();
  const abort = new AbortController();
  const both = [submit(REQUEST, ORIGIN, abort.signal), submit(REQUEST, ORIGIN, abort.signal)];
  expect(queue.getState().waiting).toHaveLength(1);
  abort.abort(new AppError('aborted', 'Stopped.'));
  for (const submitted of both) await expect(submitted).rejects.toMatchObject({ code: 'aborted' });
  await expect(submit(REQUEST, ORIGIN, abort.signal)).rejects.toMatchObject({ code: 'aborted' });
  expect(painted).toHaveLength(1);
  expect(queue.getState()).toMatchObject({ running: null, waiting: [] });
});

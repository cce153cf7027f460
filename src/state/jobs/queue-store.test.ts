import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { AppError } from '../../protocol/errors.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import type { QueueStorage, StoredJob } from '../../storage/stored-queue.ts';
import { createQueueStore, type Job } from './queue-store.ts';
import type { FinishedRun, Origin } from './run.ts';

const CREATE: Origin = { kind: 'create' };
const CELL: Origin = { kind: 'experiment', experiment: 'x', cell: 3 };

const request = (prompt: string) => requestWith({ prompt });

const FAULT = new AppError('corrupt-file', 'Damaged.');

/** A queue whose runner the test controls: `started` lists the jobs in order, `end` ends the running one. */
function setup(adopted: readonly StoredJob[] = [], settled: () => Promise<unknown> = async () => {}) {
  const started: Job[] = [];
  let finish: (end: FinishedRun | AppError) => void = () => {
    throw new Error('No job is running.');
  };
  const runner = {
    run(job: Job) {
      started.push(job);
      return new Promise<FinishedRun | AppError>((resolve) => {
        finish = resolve;
      });
    },
    stop: vi.fn(() => finish(new AppError('aborted', 'Stopped.'))),
  };
  const saved: string[][] = [];
  const storage: QueueStorage = {
    adopt: async (take) => {
      if (adopted.length > 0) take(adopted);
    },
    save: async (jobs) => void saved.push(jobs.map(({ id }) => id)),
  };
  let ids = 0;
  const { getState: state } = createQueueStore(runner, storage, () => `job${++ids}`, settled);
  void state().adopt();
  const add = (prompt = '', origin = CREATE) => state().add(request(prompt), origin);
  const done = (job: Job) =>
    ({ id: 1, origin: job.origin, request: job.request, pictures: [], step: 2 }) as unknown as FinishedRun;
  const end = async (result?: AppError) => {
    finish(result ?? done(started.at(-1) as Job));
    await new Promise((resolve) => setImmediate(resolve));
  };
  const waiting = () => state().waiting.map(({ id }) => id);
  return { state, add, end, started, waiting, saved, stop: runner.stop };
}

test('jobs run one at a time, in order, each with its own origin and end', async () => {
  const { state, add, end, started, waiting } = setup();
  const first = add('one');
  const second = add('two', CELL);
  expect(started.map(({ id }) => id)).toEqual([first]);
  expect(waiting()).toEqual([second]);
  const ends = [state().finished(first), state().finished(second)] as const;
  await end();
  expect(await ends[0]).toMatchObject({ request: { prompt: 'one' }, origin: CREATE });
  expect(state().running).toMatchObject({ id: second, origin: CELL });
  await end();
  expect(await ends[1]).toMatchObject({ request: { prompt: 'two' }, origin: CELL });
  expect(state()).toMatchObject({ running: null, waiting: [], failed: [], ended: 2 });
  await expect(state().finished(first)).rejects.toMatchObject({ code: 'bug' });
});

test('the queue is never idle between two jobs', async () => {
  const { state, add, end } = setup();
  add();
  add();
  const seen: boolean[] = [];
  const queue = state();
  queue.finished('job1').then(() => seen.push(state().running !== null));
  await end();
  expect(seen).toEqual([true]);
});

test('a job that fails does not stop the next, keeps its error, and can be tried again', async () => {
  const { state, add, end, started } = setup();
  const failing = add('bad');
  add('good');
  const over = state().finished(failing);
  await Promise.all([expect(over).rejects.toBe(FAULT), end(FAULT)]);
  expect(state().running?.request.prompt).toBe('good');
  expect(state().failed).toMatchObject([{ id: failing, error: { code: 'corrupt-file' } }]);
  await end();
  state().retry(failing);
  expect(state().failed).toEqual([]);
  expect(started.at(-1)?.request.prompt).toBe('bad');
  await end(FAULT);
  expect(state().failed, 'once more, though it was alone this time').toHaveLength(1);
  state().dismiss(state().failed[0]?.id ?? '');
  expect(state().failed).toEqual([]);
});

test('a job that was alone, or an experiment’s, is not listed as failed', async () => {
  const { state, add, end } = setup();
  add();
  await end(FAULT);
  expect(state().failed).toEqual([]);
  add('', CELL);
  add('', CELL);
  await end(FAULT);
  await end(FAULT);
  expect(state().failed).toEqual([]);
});

test('cancel removes a waiting job and stops the running one', async () => {
  const { state, add, end, started, waiting, stop } = setup();
  const [first, second, third] = [add(), add(), add()];
  const cancelled = expect(state().finished(second)).rejects.toMatchObject({ code: 'aborted' });
  state().cancel(second);
  await cancelled;
  expect(stop).not.toHaveBeenCalled();
  expect(waiting()).toEqual([third]);
  const stopped = expect(state().finished(first)).rejects.toMatchObject({ code: 'aborted' });
  state().cancel(first);
  await stopped;
  expect(stop).toHaveBeenCalledOnce();
  expect(state().running?.id).toBe(third);
  expect(state().failed, 'a stop is no failure').toEqual([]);
  await end();
  expect(started.map(({ id }) => id)).toEqual([first, third]);
});

test('move puts a job at the index, or at the end that the index is beyond', () => {
  const { state, add, waiting } = setup();
  add();
  const [a, b, c] = [add(), add(), add()];
  state().move(c, 0);
  expect(waiting()).toEqual([c, a, b]);
  expect(state().movedTo).toBe(0);
  state().move(c, 99);
  expect(waiting()).toEqual([a, b, c]);
  expect(state().movedTo).toBe(2);
  state().move(b, -1);
  expect(waiting()).toEqual([b, a, c]);
  state().move('nobody', 0);
  expect(waiting()).toEqual([b, a, c]);
  add();
  expect(state().movedTo).toBeNull();
});

test('clear leaves the running job; stopAll ends it too', async () => {
  const { state, add, end, started } = setup();
  add();
  const gone = add();
  const cancelled = expect(state().finished(gone)).rejects.toMatchObject({ code: 'aborted' });
  state().clear();
  await cancelled;
  expect(state().waiting).toEqual([]);
  expect(state().running?.id).toBe('job1');
  add();
  state().stopAll();
  await end();
  expect(state()).toMatchObject({ running: null, waiting: [] });
  expect(started).toHaveLength(1);
  state().stopAll();
  expect(started).toHaveLength(1);
});

test('jobs from an earlier visit wait for resume; new ones do not', async () => {
  const { state, add, end, started, waiting, saved } = setup([
    { id: 'old1', request: request('old one') },
    { id: 'old2', request: request('old two') },
  ]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(started).toEqual([]);
  expect(waiting()).toEqual(['old1', 'old2']);
  expect(saved.at(-1)).toEqual(['old1', 'old2']);
  const fresh = add('new');
  expect(state().running?.id).toBe(fresh);
  await end();
  expect(state().running).toBeNull();
  expect(waiting()).toEqual(['old1', 'old2']);
  state().move('old2', 0);
  state().resume();
  expect(state().running?.id).toBe('old2');
  await end();
  await end();
  expect(started.map(({ id }) => id)).toEqual([fresh, 'old2', 'old1']);
  expect(saved.at(-1)).toEqual([]);
});

test('one job from an earlier visit is started by itself, and what is not wanted is dropped', async () => {
  const { state, add, end, started, waiting, saved } = setup(
    ['a', 'b', 'c'].map((id) => ({ id, request: request(id) })),
  );
  await new Promise((resolve) => setImmediate(resolve));
  state().resume('b');
  expect(state().running?.id).toBe('b');
  const fresh = add('new');
  expect(waiting()).toEqual(['a', 'c', fresh]);
  state().dropHeld();
  expect(waiting()).toEqual([fresh]);
  await end();
  await end();
  expect(started.map(({ id }) => id)).toEqual(['b', fresh]);
  expect(saved.at(-1)).toEqual([]);
});

test('the running job is stored with the waiting ones until it ends, but no job of an experiment', async () => {
  const { add, end, saved } = setup();
  add();
  add('', CELL);
  add();
  expect(saved.at(-1)).toEqual(['job1', 'job3']);
  await end();
  expect(saved.at(-1)).toEqual(['job3']);
  await end();
  await end();
  expect(saved.at(-1)).toEqual([]);
});

test('whatever is added, moved, cancelled and finished, each job runs once, in the order shown', async () => {
  const action = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('add' as const) }) },
    fc.record({ kind: fc.constant('move' as const), job: fc.nat(20), to: fc.integer({ min: -1, max: 8 }) }),
    fc.record({ kind: fc.constant('cancel' as const), job: fc.nat(20) }),
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('end' as const), fails: fc.boolean() }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
      const { state, add, end, started, waiting } = setup();
      const added: string[] = [];
      const taken = new Set<string>();
      for (const act of actions) {
        const shown = waiting();
        const { running } = state();
        if (act.kind === 'add') {
          added.push(add());
          expect(state().running?.id).toBe(running?.id ?? added.at(-1));
        } else if (act.kind === 'move') {
          state().move(`job${act.job}`, act.to);
          expect(waiting().toSorted()).toEqual(shown.toSorted());
        } else if (act.kind === 'cancel') {
          const id = `job${act.job}`;
          if (shown.includes(id)) taken.add(id);
          state().cancel(id);
          await new Promise((resolve) => setImmediate(resolve));
          if (running?.id === id) expect(state().running?.id).toBe(shown[0]);
        } else if (running) {
          await end(act.fails ? FAULT : undefined);
          expect(state().running?.id).toBe(shown[0]);
        }
      }
      while (state().running) {
        const [next] = waiting();
        await end();
        expect(state().running?.id).toBe(next);
      }
      expect(started.map(({ id }) => id).toSorted()).toEqual(added.filter((id) => !taken.has(id)).toSorted());
    }),
    { numRuns: 300 },
  );
});

test('a job that could not be kept, because it could not run, is refused when it is queued', async () => {
  const { state, add, end, waiting, saved } = setup();
  add('one');
  const id = add('x'.repeat(10_001));
  expect(waiting()).toEqual([]);
  expect(state().failed).toMatchObject([
    { id, error: { code: 'invalid-request', details: { kind: 'too-long' } } },
  ]);
  state().retry(id);
  expect(state().failed).toHaveLength(1);
  const longest = add('x'.repeat(10_000));
  expect(saved.at(-1)).toContain(longest);
  await end();
});

test('a job that has ended is stored until what it painted is saved: the page may close before', async () => {
  let settle = () => {};
  const { add, end, saved } = setup([], () => new Promise<void>((resolve) => (settle = resolve)));
  add('one');
  add('two');
  await end();
  expect(saved.at(-1)).toEqual(['job1', 'job2']);
  settle();
  await new Promise((resolve) => setImmediate(resolve));
  expect(saved.at(-1)).toEqual(['job2']);
});

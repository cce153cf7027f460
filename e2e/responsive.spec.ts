import { expect, test } from './fixtures.ts';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the thread's own CPU time. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

// Measured in the thread's own time, not by the clock: where the engine's threads take every core, a short task of the
// page may be suspended in its middle, and that is no fault of the page.
test('no task of the page takes 50 ms while it generates', async ({ app, browser, page }) => {
  await app.open({ steps: 30, images: 2 });
  await app.make(2);
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  await app.make(2);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  const mains = traceEvents.filter(
    ({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain',
  );
  const onMain = ({ pid, tid }: TraceEvent) => mains.some((main) => main.pid === pid && main.tid === tid);
  const tasks = traceEvents.filter((event) => event.ph === 'X' && event.tdur !== undefined && onMain(event));
  expect(tasks.length, 'tasks seen').toBeGreaterThan(100);
  expect(Math.max(...tasks.map(({ tdur }) => tdur ?? 0)) / 1000).toBeLessThan(50);
});

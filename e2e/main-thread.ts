import type { Browser, Page } from '@playwright/test';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the thread's own CPU time. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/**
 * How many tasks the page's main thread has while `act` goes on, and how long the longest is: in milliseconds of the
 * thread's own time, not by the clock. Where others take every core, a short task of the page may be suspended in its
 * middle, and that is no fault of the page.
 */
export async function tasksDuring(
  browser: Browser,
  page: Page,
  act: () => Promise<unknown>,
): Promise<{ count: number; longest: number }> {
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  const mains = traceEvents.filter(
    ({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain',
  );
  const onMain = ({ pid, tid }: TraceEvent) => mains.some((main) => main.pid === pid && main.tid === tid);
  const tasks = traceEvents.filter((event) => event.ph === 'X' && event.tdur !== undefined && onMain(event));
  return { count: tasks.length, longest: Math.max(0, ...tasks.map(({ tdur }) => tdur ?? 0)) / 1000 };
}

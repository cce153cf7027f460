import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { AppError } from '../../protocol/errors.ts';

/**
 * What comes from others is damaged on purpose: each damaged input is read, or refused with an AppError, and soon. `npm test`
 * tries some of each; `npm run fuzz` tries 20,000 of each, or RUNS, and prints what became of them.
 */

const IS_LONG = process.env.MODE === 'fuzz';
const RUNS = Number(process.env.RUNS ?? (IS_LONG ? 20_000 : 40));
const LOT = 250;
/** Milliseconds that one input may take in a long run. */
const SOON = 2000;

/** What has passed, or what this process has computed meanwhile, if that is less: on a busy machine it waits for others. */
function stopwatch(): () => number {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return Math.min(performance.now() - wall, (user + system) / 1000);
  };
}

interface Row {
  readonly input: string;
  readonly mutations: number;
  readonly refused: number;
  readonly untyped: number;
  readonly slowestMs: number;
}
const rows: Row[] = [];
// A file of tests prints its table when it is through.
afterAll(() => {
  if (IS_LONG) console.table(rows);
});

/** A test of one input. @param read throws nothing but AppErrors */
export function fuzz<T>(input: string, damaged: fc.Arbitrary<T>, read: (damaged: T) => unknown): void {
  test(`${input}, damaged`, { timeout: 3_600_000 }, async () => {
    let [refused, slowestMs] = [0, 0];
    const untyped: unknown[] = [];
    for (let done = 0; done < RUNS; done += LOT) {
      for (const one of fc.sample(damaged, { numRuns: Math.min(LOT, RUNS - done), seed: done })) {
        const milliseconds = stopwatch();
        try {
          await read(one);
        } catch (error) {
          if (error instanceof AppError && error.code !== 'bug') refused++;
          else
            untyped.push({
              error: error instanceof Error ? error.stack?.split('\n').slice(0, 4) : error,
              one,
            });
        }
        slowestMs = Math.max(slowestMs, milliseconds());
      }
    }
    rows.push({ input, mutations: RUNS, refused, untyped: untyped.length, slowestMs: Math.round(slowestMs) });
    expect(untyped.slice(0, 3)).toEqual([]);
    if (IS_LONG) expect(slowestMs, 'milliseconds').toBeLessThan(SOON);
  });
}

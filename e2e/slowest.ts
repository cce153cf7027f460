import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

const SHOWN = 10;

/** Names the tests that took longest, at the end of a run. */
export default class Slowest implements Reporter {
  readonly #tests: { readonly seconds: number; readonly name: string }[] = [];

  onTestEnd(test: TestCase, { duration }: TestResult): void {
    this.#tests.push({ seconds: duration / 1000, name: test.titlePath().slice(1).join(' › ') });
  }

  onEnd(): void {
    const slowest = this.#tests.toSorted((a, b) => b.seconds - a.seconds).slice(0, SHOWN);
    console.log(`\n  The slowest ${slowest.length}:`);
    for (const { seconds, name } of slowest) console.log(`  ${seconds.toFixed(1).padStart(6)} s  ${name}`);
  }
}

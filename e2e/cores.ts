import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const CORES = availableParallelism();

/**
 * Keeps this process, and the browser it starts afterwards, on one core, or gives it all of them again, where the system
 * can be told so. On one core onnxruntime computes on one thread: two browsers with two threads each would spend half of
 * the time of two cores on waiting for each other.
 * @param worker Playwright's number of the worker, from 0
 */
export function useCores(cores: 'one' | 'all', worker: number): void {
  if (process.platform !== 'linux') return;
  const list = cores === 'one' ? String(worker % CORES) : `0-${CORES - 1}`;
  spawnSync('taskset', ['--cpu-list', '--pid', list, String(process.pid)]);
}

import { countCells } from '../../experiments/axes.ts';
import type { AppError } from '../../protocol/errors.ts';
import type { ExperimentSetup, StoredCell } from '../../storage/stored-experiments.ts';

/** One picture of an experiment. */
export type Cell =
  | { readonly state: 'waiting' }
  | { readonly state: 'running' }
  /** `url` is an object URL of `png`, revoked when another experiment is shown. */
  | { readonly state: 'done'; readonly png: Blob; readonly seconds: number; readonly url: string }
  | { readonly state: 'failed'; readonly error: AppError };

/** An experiment with its pictures, row by row. */
export interface Experiment extends ExperimentSetup {
  readonly cells: readonly Cell[];
}

/** An experiment with its finished pictures; the other cells wait. Whoever lets go of it calls `revokeUrls`. */
export function withCells(setup: ExperimentSetup, done: ReadonlyMap<number, StoredCell>): Experiment {
  const cells = Array.from({ length: countCells(setup.axes) }, (_, index): Cell => {
    const stored = done.get(index);
    return stored ? doneCell(stored) : { state: 'waiting' };
  });
  return { ...setup, cells };
}

/** A finished picture, with an object URL of its own. */
export function doneCell({ png, seconds }: StoredCell): Cell {
  return { state: 'done', png, seconds, url: URL.createObjectURL(png) };
}

/** Frees the object URLs of an experiment that is not shown any more. */
export function revokeUrls(experiment: Experiment | null): void {
  for (const cell of experiment?.cells ?? []) if (cell.state === 'done') URL.revokeObjectURL(cell.url);
}

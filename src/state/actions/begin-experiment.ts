import { type Axes, axesFault } from '../../experiments/axes.ts';
import { type Stores, withFiles } from '../stores.ts';

/**
 * Begins an experiment with the form as it stands, its seed drawn. Nothing happens while one is under way, when a field
 * is refused (its note says why), or when the axes cannot be tried on it.
 * @returns whether every field was accepted
 */
export function beginExperiment(stores: Stores, axesOf: (seed: number) => Axes): boolean {
  const form = stores.settings.getState().submit();
  if (!form) return false;
  const axes = axesOf(form.seed);
  withFiles(stores, form, (base) => {
    if (axesFault(base, axes) === null) void stores.experiments.getState().begin(base, axes);
  });
  return true;
}

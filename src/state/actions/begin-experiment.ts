import { type Axes, axesFault } from '../../experiments/axes.ts';
import type { Stores } from '../stores.ts';
import { withFiles } from './generate.ts';

/**
 * Begins an experiment with the form as it stands. Does nothing while one is running, when a field is refused (the
 * settings' notes say why), or when the axes do not suit the form.
 * @param axesOf gives the axes, once the seed is known
 * @returns whether every field was accepted
 */
export function beginExperiment(stores: Stores, axesOf: (seed: number) => Axes): boolean {
  const form = stores.settings.getState().submit();
  if (!form) return false;
  stores.prompts.getState().remember(form);
  const axes = axesOf(form.seed);
  void withFiles(stores, form, (base) => {
    if (axesFault(base, axes) === null) void stores.experiments.getState().begin(base, axes);
  });
  return true;
}

import { type Axes, axesFault } from '../experiments/axes.ts';
import { maskFile, type Stores, withFiles } from './stores.ts';

/**
 * Begins an experiment with the form as it stands, its seed drawn. Nothing happens while one is under way, when a field
 * is refused (its note says why), or when the axes cannot be tried on it.
 * @returns whether every field was accepted
 */
export function beginExperiment(stores: Stores, axesOf: (seed: number) => Axes): boolean {
  const request = stores.settings.getState().submit();
  if (!request) return false;
  const axes = axesOf(request.seed);
  const start = (mask: Blob | null) => {
    const base = withFiles(stores, request, mask);
    return axesFault(base, axes) === null
      ? stores.experiments.getState().begin(base, axes)
      : Promise.resolve();
  };
  const mask = maskFile(stores, request);
  void (mask ? mask.then(start) : start(null));
  return true;
}

import { isBusy } from '../jobs/generation-store.ts';
import type { Stores } from '../stores.ts';

/** Time for a first picture, which comes before what is cached for later. */
const DELAY_MS = 10_000;

/** Caches what the page needs to work offline: a while after the start, and after each run. */
export function cacheForOffline({ offline, generation, device }: Stores): void {
  const check = () => {
    const { missing } = offline.getState();
    if (missing?.length !== 0 && !isBusy(generation.getState()))
      void offline.getState().check(device.getState().report?.runtime);
  };
  setTimeout(check, DELAY_MS);
  generation.subscribe(({ phase }, before) => {
    if (phase === 'done' && before.phase !== 'done') check();
  });
}

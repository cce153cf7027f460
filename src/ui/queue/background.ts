import type { StoreApi } from 'zustand';
import type { Notifier } from '../../state/jobs/notifier.ts';
import type { Stores } from '../../state/stores.ts';
import { doneText, titleText } from '../texts/queue-text.ts';
import type { ShownTexts } from '../texts/texts-store.ts';

/** From now on the title says how far it is; an end that was seen is no news any more. */
export function followInTitle(
  { generation, queue }: Stores,
  shown: StoreApi<ShownTexts>,
  page: Document,
): void {
  const write = () => {
    page.title = titleText(shown.getState().texts.queue, generation.getState(), queue.getState());
  };
  generation.subscribe(write);
  queue.subscribe(write);
  shown.subscribe(() => {
    if (page.title !== 'Safelight') write();
  });
  page.addEventListener('visibilitychange', () => {
    if (page.visibilityState === 'visible' && !queue.getState().running) page.title = 'Safelight';
  });
}

/** From now on, where it was asked for, the end of the queue is told to whoever looks elsewhere. */
export function followInNotifications(
  { generation, queue, doneNotice }: Stores,
  shown: StoreApi<ShownTexts>,
  page: Document,
  notifier: Notifier,
): void {
  queue.subscribe((now, before) => {
    const isOver = before.running && !now.running;
    if (!isOver || page.visibilityState === 'visible') return;
    if (doneNotice.getState().isOn && notifier.isAllowed())
      notifier.show('Safelight', doneText(shown.getState().texts.queue, generation.getState(), now));
  });
}

/** From now on the screen of a phone stays on while the page is looked at and paints: locked, it would stop painting. */
export function followWithWakeLock({ queue }: Stores, page: Document, wakeLock: WakeLock): void {
  let held: Promise<WakeLockSentinel | null> | null = null;
  const update = () => {
    const isWanted = queue.getState().running !== null && page.visibilityState === 'visible';
    if (isWanted === (held !== null)) return;
    if (held) void held.then((lock) => lock?.release());
    // Refused where the battery is low: then the screen goes out as it always does.
    held = isWanted ? wakeLock.request('screen').catch(() => null) : null;
  };
  queue.subscribe(update);
  page.addEventListener('visibilitychange', update);
}

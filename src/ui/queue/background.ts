import type { StoreApi } from 'zustand';
import type { Notifier } from '../../state/jobs/notifier.ts';
import type { Stores } from '../../state/stores.ts';
import { doneText, titleText } from '../texts/queue-text.ts';
import type { ShownTexts } from '../texts/texts-store.ts';

/** Shows progress and the result in the page's title; a result that has been seen is removed. */
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

/** Shows a notification at the end of the queue, if that is switched on and the page is not visible. */
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

/** Keeps a phone's screen on while the queue runs and the page is visible: a locked phone stops the page. */
export function followWithWakeLock({ queue }: Stores, page: Document, wakeLock: WakeLock): void {
  let held: Promise<WakeLockSentinel | null> | null = null;
  const update = () => {
    const isWanted = queue.getState().running !== null && page.visibilityState === 'visible';
    if (isWanted === (held !== null)) return;
    if (held) void held.then((lock) => lock?.release());
    // The browser refuses where the battery is low; then the screen turns off as usual.
    held = isWanted ? wakeLock.request('screen').catch(() => null) : null;
  };
  queue.subscribe(update);
  page.addEventListener('visibilitychange', update);
}

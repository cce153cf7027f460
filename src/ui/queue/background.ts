import type { StoreApi } from 'zustand';
import type { Notifier } from '../../state/jobs/notifier.ts';
import type { ScreenChoice } from '../../state/page/screen-store.ts';
import type { Stores } from '../../state/stores.ts';
import { doneText, screenTitle, titleText } from '../texts/queue-text.ts';
import type { ShownTexts } from '../texts/texts-store.ts';

/** Shows progress and the result in the page's title, and else which screen it is; a result that has been seen is removed. */
export function followInTitle(
  { generation, queue }: Stores,
  screens: StoreApi<ScreenChoice>,
  shown: StoreApi<ShownTexts>,
  page: Document,
): void {
  let isNews = false;
  const write = () => {
    const { texts } = shown.getState();
    const news = isNews ? titleText(texts.queue, generation.getState(), queue.getState()) : null;
    page.title = news ?? screenTitle(texts.app.screens, screens.getState().screen);
  };
  const tell = () => {
    isNews = true;
    write();
  };
  generation.subscribe(tell);
  queue.subscribe(tell);
  shown.subscribe(write);
  const look = () => {
    if (page.visibilityState !== 'visible') return;
    if (!queue.getState().running) isNews = false;
    write();
  };
  screens.subscribe(look);
  page.addEventListener('visibilitychange', look);
  write();
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

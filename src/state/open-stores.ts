import { Client } from '../client/client.ts';
import { startWorker } from '../client/start-worker.ts';
import { ROOT } from '../protocol/root.ts';
import { openBrowserCache } from '../pwa/browser-cache.ts';
import { withJournal } from '../storage/journaled-storage.ts';
import { openSettingsJournal } from '../storage/settings-journal.ts';
import { openSettingsStorage } from '../storage/settings-storage.ts';
import { openExperimentStorage } from '../storage/stored-experiments.ts';
import { openFileStorage } from '../storage/stored-files.ts';
import { openQueueStorage } from '../storage/stored-queue.ts';
import { galleryBrowser } from './gallery/gallery-browser.ts';
import type { Notifier } from './jobs/notifier.ts';
import { createStorageStore } from './page/storage-store.ts';
import { randomName } from './random-name.ts';
import { createStores, type Stores } from './stores.ts';

/** A worker of the page, which starts with its first call. */
export const openClient = () => new Client(startWorker);

/**
 * The page's stores in this browser.
 * @param library the worker that looks after the models on this device; another one runs them
 */
export async function openStores(library: Client, notifier: Notifier): Promise<Stores> {
  const { store: storageFaults, newsOf } = createStorageStore();
  const local = await withJournal(() => localStorage, openSettingsJournal());
  const settings = openSettingsStorage(local, newsOf('settings'));
  return createStores({
    client: openClient(),
    library,
    storage: () => settings,
    storageFaults,
    files: {
      ...openFileStorage(newsOf('file')),
      queue: openQueueStorage(() => navigator.locks, randomName(), newsOf('job')),
      experiments: openExperimentStorage(newsOf('experiment')),
      drawing: newsOf('drawing'),
    },
    cache: openBrowserCache(ROOT),
    gallery: galleryBrowser((onOpened) => newsOf('picture', onOpened)),
    notifier,
    languages: navigator.languages,
  });
}

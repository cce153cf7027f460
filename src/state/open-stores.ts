import { Client } from '../client/client.ts';
import { startWorker } from '../client/start-worker.ts';
import { openBrowserCache } from '../pwa/browser-cache.ts';
import { openExperimentStorage } from '../storage/stored-experiments.ts';
import { openFileStorage } from '../storage/stored-files.ts';
import { openQueueStorage } from '../storage/stored-queue.ts';
import { galleryBrowser } from './gallery/gallery-browser.ts';
import type { Notifier } from './jobs/notifier.ts';
import { randomName } from './random-name.ts';
import { createStores, type Stores } from './stores.ts';

/** The page's stores in this browser: each worker starts with its first call. */
export function openStores(notifier: Notifier): Stores {
  return createStores({
    client: new Client(startWorker),
    library: new Client(startWorker),
    storage: () => localStorage,
    files: {
      ...openFileStorage(),
      // Without Web Locks (outside of secure contexts) two tabs could not tell whose jobs are whose.
      queue:
        'locks' in navigator
          ? openQueueStorage(navigator.locks, randomName())
          : { adopt: async () => {}, save: async () => {} },
      experiments: openExperimentStorage(),
    },
    cache: openBrowserCache(new URL(import.meta.env.BASE_URL, location.href)),
    gallery: galleryBrowser(),
    notifier,
    languages: navigator.languages,
  });
}

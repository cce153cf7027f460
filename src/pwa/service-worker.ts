/// <reference lib="webworker" />
import { cleanupOutdatedCaches, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { CacheFirst, NetworkFirst } from 'workbox-strategies';
import { BUNDLED_CACHE, type Message } from './messages.ts';

declare const self: ServiceWorkerGlobalScope & {
  /** Filled in by the build (vite.config.ts): the page's own files. */
  readonly PRECACHED: readonly PrecacheEntry[];
};

/**
 * The page without a network: its own files as they were built together, onnxruntime's wasm and the bundled models as they
 * were first used. Models from the Hub lie in the origin private file system and never come by here.
 */
cleanupOutdatedCaches();
precacheAndRoute([...self.PRECACHED]);

// A name with the hash of its content never changes.
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.endsWith('.wasm'),
  new CacheFirst({ cacheName: BUNDLED_CACHE }),
);
// The server first: a file that was damaged there must not outlive its repair.
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.includes('/models/'),
  new NetworkFirst({ cacheName: BUNDLED_CACHE }),
);

// The first visit is to be enough: what the page goes on to fetch is kept already.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('message', (event) => {
  if ((event.data as Message) === 'take-over') void self.skipWaiting();
});

/// <reference lib="webworker" />
import { addPlugins, cleanupOutdatedCaches, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { CacheFirst, NetworkFirst } from 'workbox-strategies';
import { BUNDLED_CACHE, type Message } from './messages.ts';
import { SHARE_PATH, storeShared } from './shared-picture.ts';

declare const self: ServiceWorkerGlobalScope & {
  /** The page's own files, filled in by the build (vite.config.ts). */
  readonly PRECACHED: readonly PrecacheEntry[];
  /** The headers that a host should send with every file (public/_headers). */
  readonly HEADERS: Readonly<Record<string, string>>;
};

/**
 * Serves the page without a network: its own files, cached together as one version, and onnxruntime's wasm and the bundled
 * models, cached when they are first used. Models from the Hub are in the origin private file system, not here.
 */
cleanupOutdatedCaches();
// For hosts that cannot send these headers: with them the page has threads there too, from the second visit on.
addPlugins([
  {
    handlerWillRespond: async ({ response }) => {
      const headers = new Headers(response.headers);
      for (const [name, value] of Object.entries(self.HEADERS)) headers.set(name, value);
      return new Response(response.body, { status: response.status, headers });
    },
  },
]);
precacheAndRoute([...self.PRECACHED]);

// A file whose name holds the hash of its content never changes.
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.endsWith('.wasm.gz'),
  new CacheFirst({ cacheName: BUNDLED_CACHE }),
);
// The network first: a damaged file that was repaired on the server must be replaced here too.
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.includes('/models/'),
  new NetworkFirst({ cacheName: BUNDLED_CACHE }),
);

// A picture shared by another app is stored here until the page, which is shown next, takes it.
registerRoute(
  ({ url, sameOrigin }) =>
    sameOrigin && url.pathname === new URL(SHARE_PATH, self.registration.scope).pathname,
  async ({ request }) => {
    await storeShared(request);
    return Response.redirect(self.registration.scope, 303);
  },
  'POST',
);

// From the first visit on: what the page fetches next is cached already.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const toFront = async () => {
    const [page] = await self.clients.matchAll({ type: 'window' });
    await page?.focus();
  };
  event.waitUntil(toFront());
});

self.addEventListener('message', (event) => {
  if ((event.data as Message) === 'take-over') void self.skipWaiting();
});

/// <reference lib="webworker" />
import { addPlugins, cleanupOutdatedCaches, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { CacheFirst, NetworkFirst } from 'workbox-strategies';
import { BUNDLED_CACHE, type Message } from './messages.ts';
import { keepShared, SHARE_PATH } from './shared-picture.ts';

declare const self: ServiceWorkerGlobalScope & {
  /** The page's own files; the build (vite.config.ts) writes it before this file's code. */
  readonly PRECACHED: readonly PrecacheEntry[];
  /** What a host is to send with every file (public/_headers); written there too. */
  readonly HEADERS: Readonly<Record<string, string>>;
};

/**
 * The page without a network: its own files as they were built together, onnxruntime's wasm and the bundled models as they
 * were first used. Models from the Hub lie in the origin private file system and never come by here.
 */
cleanupOutdatedCaches();
// From a host that cannot be told to send them: from the second visit on the page has its threads there too.
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

// A name with the hash of its content never changes.
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.endsWith('.wasm.gz'),
  new CacheFirst({ cacheName: BUNDLED_CACHE }),
);
// The server first: a file that was damaged there must not outlive its repair.
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.includes('/models/'),
  new NetworkFirst({ cacheName: BUNDLED_CACHE }),
);

// A picture shared from another app: laid by, and the page that is shown takes it.
registerRoute(
  ({ url, sameOrigin }) =>
    sameOrigin && url.pathname === new URL(SHARE_PATH, self.registration.scope).pathname,
  async ({ request }) => {
    await keepShared(request);
    return Response.redirect(self.registration.scope, 303);
  },
  'POST',
);

// The first visit is to be enough: what the page goes on to fetch is kept already.
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

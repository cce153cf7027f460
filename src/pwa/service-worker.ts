/// <reference lib="webworker" />
import { PrecacheController, type PrecacheEntry, PrecacheRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { CacheFirst, NetworkFirst } from 'workbox-strategies';
import { bundledCache, pageCache } from './cache-names.ts';
import { migrateCaches } from './migrate-caches.ts';
import { SHARE_PATH, storeShared } from './shared-picture.ts';
import type { UpdateMessage } from './update-message.ts';

declare const self: ServiceWorkerGlobalScope & {
  /** The page's own files, filled in by the build (vite.config.ts). */
  readonly PRECACHED: readonly PrecacheEntry[];
  /** The headers that a host should send with every file (public/_headers). */
  readonly HEADERS: Readonly<Record<string, string>>;
};

const scope = new URL(self.registration.scope);
/** How long the network may take to begin an answer, where there is one in the cache. */
const NETWORK_SECONDS = 5;

/**
 * Serves the page without a network: its own files, cached together as one version, and onnxruntime's wasm and the bundled
 * models, cached when they are first used. Models from the Hub are in the origin private file system, not here.
 * Workbox's own `cleanupOutdatedCaches` is not called: at the root of an origin it deletes caches of apps in folders below.
 */
const plugins = [
  {
    // For hosts that cannot send these headers: with them the page has threads there too, from the second visit on.
    handlerWillRespond: async ({ response }: { response: Response }) => {
      const headers = new Headers(response.headers);
      for (const [name, value] of Object.entries(self.HEADERS)) headers.set(name, value);
      // Whole: a stream would have to outlive the worker, which the browser may end at any time.
      return new Response(await response.arrayBuffer(), { status: response.status, headers });
    },
  },
];
const pageFiles = new PrecacheController({ cacheName: pageCache(scope.pathname), plugins });
pageFiles.addToCacheList([...self.PRECACHED]);
registerRoute(new PrecacheRoute(pageFiles));
self.addEventListener('install', (event) => event.waitUntil(pageFiles.install(event)));
/**
 * Deletes the files of the version before, unless a tab still shows that one: it may need them at any time, as for a new worker,
 * and the host may have them no more. The next version deletes them then.
 */
self.addEventListener('activate', (event) => event.waitUntil(deleteOldFiles(event)));
async function deleteOldFiles(event: ExtendableEvent): Promise<void> {
  // The tab in which the new version was accepted is reloaded.
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (tabs.length <= 1) await pageFiles.activate(event);
}

// This deployment's files, not those of one in a folder below it.
const isRuntime = ({ href }: URL) => href.startsWith(`${scope}assets/`) && href.endsWith('.wasm.gz');
const isAsset = ({ href }: URL) => href.startsWith(`${scope}assets/`);
const isModel = ({ href }: URL) => href.startsWith(`${scope}models/`);

// A file whose name holds the hash of its content never changes.
registerRoute(({ url }) => isRuntime(url), new CacheFirst({ cacheName: bundledCache(scope.pathname) }));
// Of an earlier version, for a tab that still shows it.
registerRoute(({ url }) => isAsset(url), new CacheFirst({ cacheName: pageCache(scope.pathname), plugins }));
// The network first: a damaged file that was repaired on the server must be replaced here too. A network that takes a request
// and never answers is none.
registerRoute(
  ({ url }) => isModel(url),
  new NetworkFirst({ cacheName: bundledCache(scope.pathname), networkTimeoutSeconds: NETWORK_SECONDS }),
);

// A picture shared by another app is stored here until the page, which is shown next, takes it.
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname === new URL(SHARE_PATH, scope).pathname,
  async ({ request }) => {
    await storeShared(scope.pathname, request);
    return Response.redirect(scope, 303);
  },
  'POST',
);

// From the first visit on: what the page fetches next is cached already. Nothing may wait for it: Firefox asks all of the page's
// threads, those of onnxruntime sleep between two pictures and never answer, and until this worker is active no file of the page comes.
self.addEventListener('activate', () => void self.clients.claim());
self.addEventListener('activate', (event) =>
  event.waitUntil(migrateCaches(scope, (url) => isRuntime(url) || isModel(url))),
);

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const toFront = async () => {
    const [page] = await self.clients.matchAll({ type: 'window' });
    await page?.focus();
  };
  event.waitUntil(toFront());
});

self.addEventListener('message', (event) => {
  if ((event.data as UpdateMessage) === 'take-over') void self.skipWaiting();
});

import { bundledCache, sharedCache } from './cache-names.ts';
import { SHARED_KEY } from './shared-picture.ts';

/** What 0.1 called the caches that all deployments on an origin shared. */
const [OLD_BUNDLED, OLD_SHARED] = ['safelight.bundled', 'safelight.shared'];

/**
 * Moves what 0.1 had cached to this deployment's own caches, once it has no page left: of the bundled files those that came from
 * its folder.
 * @param scope of the service worker
 * @param isBundled whether an address is one of this deployment's bundled files
 */
export async function migrateCaches(scope: URL, isBundled: (url: URL) => boolean): Promise<void> {
  // Workbox's own name for the page's files; they are in the new cache, all of them.
  await caches.delete(`workbox-precache-v2-${scope.href}`);
  const waiting = await caches.match(SHARED_KEY, { cacheName: OLD_SHARED });
  if (waiting) await (await caches.open(sharedCache(scope.pathname))).put(SHARED_KEY, waiting);
  await caches.delete(OLD_SHARED);
  if (!(await caches.has(OLD_BUNDLED))) return;
  const old = await caches.open(OLD_BUNDLED);
  const own = await caches.open(bundledCache(scope.pathname));
  for (const request of await old.keys()) {
    if (!isBundled(new URL(request.url))) continue;
    const response = await old.match(request);
    if (response && !(await own.match(request))) await own.put(request, response);
    await old.delete(request);
  }
  if ((await old.keys()).length === 0) await caches.delete(OLD_BUNDLED);
}

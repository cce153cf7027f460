import { bundledCache } from './cache-names.ts';
import { serviceWorkers } from './service-workers.ts';

/** The service worker's cache of what comes with the page. */
export interface BrowserCache {
  /** Whether a service worker answers the page's requests, and so caches them. */
  isControlled(): boolean;
  /** The addresses of all cached files; none where the browser forbids caches. */
  cached(): Promise<readonly string[]>;
  /** Fetches a JSON file by its path from index.html, which caches it; null where that fails. */
  fetchJson(path: string): Promise<unknown>;
  /** Fetches a file by its path from index.html, which caches it; a failure is left to the next check. */
  fetch(path: string): Promise<void>;
}

/** @param root the folder of index.html */
export function openBrowserCache(root: URL): BrowserCache {
  const get = (path: string) => fetch(new URL(path, root), { cache: 'no-cache' }).catch(() => null);
  return {
    isControlled: () => Boolean(serviceWorkers()?.controller),
    async cached() {
      try {
        const cache = await caches.open(bundledCache(root.pathname));
        return (await cache.keys()).map(({ url }) => url);
      } catch {
        return [];
      }
    },
    async fetchJson(path) {
      const response = await get(path);
      return response?.ok ? response.json().catch(() => null) : null;
    },
    async fetch(path) {
      const response = await get(path);
      await response?.arrayBuffer().catch(() => null);
    },
  };
}

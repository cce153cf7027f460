import { ownNameAt } from './own-name.ts';

/**
 * The folder of index.html. A build's scripts all lie in its assets/ folder, so the page and its workers find the same; the
 * service worker, which lies elsewhere, has its scope.
 */
export const ROOT = new URL(import.meta.env.DEV ? '/' : '..', import.meta.url);

/** What this deployment calls something that everything on its origin shares. */
export const ownName = (what: string) => ownNameAt(ROOT.pathname, what);

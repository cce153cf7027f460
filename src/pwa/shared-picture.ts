import { sharedCache } from './cache-names.ts';

/** The address under which the service worker stores a picture that another app has shared. */
export const SHARED_KEY = '/shared-picture';
/** The address that the manifest sends shares to, relative to the page. */
export const SHARE_PATH = 'share';
/** The form field of the file, as the manifest names it. */
const FIELD = 'picture';

/**
 * Stores the picture of a share (a multipart form) for the page; without a picture it does nothing.
 * @param path of index.html's folder
 */
export async function storeShared(path: string, request: Request): Promise<void> {
  const file = (await request.formData()).get(FIELD);
  if (file instanceof File) await (await caches.open(sharedCache(path))).put(SHARED_KEY, new Response(file));
}

/**
 * Takes the stored picture, if there is one. Where the browser forbids caches nothing can have been shared.
 * @param path of index.html's folder
 */
export async function takeShared(path: string): Promise<Blob | null> {
  try {
    if (!(await caches.has(sharedCache(path)))) return null;
    const cache = await caches.open(sharedCache(path));
    const picture = await (await cache.match(SHARED_KEY))?.blob();
    await cache.delete(SHARED_KEY);
    return picture ?? null;
  } catch {
    return null;
  }
}

/** The cache, and the address in it, where the service worker stores a picture that another app has shared. */
const CACHE = 'safelight.shared';
const KEY = '/shared-picture';
/** The address that the manifest sends shares to, relative to the page. */
export const SHARE_PATH = 'share';
/** The form field of the file, as the manifest names it. */
const FIELD = 'picture';

/** Stores the picture of a share (a multipart form) for the page; without a picture it does nothing. */
export async function storeShared(request: Request): Promise<void> {
  const file = (await request.formData()).get(FIELD);
  if (file instanceof File) await (await caches.open(CACHE)).put(KEY, new Response(file));
}

/** Takes the stored picture, if there is one. */
export async function takeShared(): Promise<Blob | null> {
  if (!('caches' in globalThis) || !(await caches.has(CACHE))) return null;
  const cache = await caches.open(CACHE);
  const picture = await (await cache.match(KEY))?.blob();
  await cache.delete(KEY);
  return picture ?? null;
}

/** Where the service worker lays a picture that another app has shared, and under which address. */
const CACHE = 'safelight.shared';
const KEY = '/shared-picture';
/** Where the manifest has shares sent, beside the page. */
export const SHARE_PATH = 'share';
/** The manifest's name for the file. */
const FIELD = 'picture';

/** Lays the picture of a share (a multipart form) by for the page; without one nothing happens. */
export async function keepShared(request: Request): Promise<void> {
  const file = (await request.formData()).get(FIELD);
  if (file instanceof File) await (await caches.open(CACHE)).put(KEY, new Response(file));
}

/** The picture laid by, if there is one; given once. */
export async function takeShared(): Promise<Blob | null> {
  if (!('caches' in globalThis) || !(await caches.has(CACHE))) return null;
  const cache = await caches.open(CACHE);
  const picture = await (await cache.match(KEY))?.blob();
  await cache.delete(KEY);
  return picture ?? null;
}

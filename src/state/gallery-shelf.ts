import { Gallery } from '../gallery/gallery.ts';
import type { GalleryShelf } from './gallery.ts';

const CHANNEL = 'safelight.gallery';
/** Pixels of a thumbnail's longer side: sharp at half of that on dense screens. */
const THUMBNAIL = 256;

/** This browser, as the gallery's store uses it. */
export function openGallery(): GalleryShelf {
  const tabs = new BroadcastChannel(CHANNEL);
  return {
    open: () => Gallery.open(Date.now()),
    makeThumbnail,
    now: () => Date.now(),
    tellOthers: () => tabs.postMessage(null),
    onOthers: (listen) => tabs.addEventListener('message', listen),
  };
}

async function makeThumbnail(picture: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(picture);
  const scale = Math.min(1, THUMBNAIL / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
  const canvas = new OffscreenCanvas(width as number, height as number);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('No canvas for the thumbnail.');
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas.convertToBlob({ type: 'image/webp', quality: 0.85 });
}

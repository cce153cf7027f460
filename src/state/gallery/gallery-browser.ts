import { AppError, type Fault } from '../../protocol/errors.ts';
import { ownName } from '../../protocol/root.ts';
import { Gallery } from '../../storage/gallery.ts';
import type { GalleryBrowser, SmallPicture } from './gallery-store.ts';

const CHANNEL = ownName('gallery');
/** Pixels of a thumbnail's longer side: on a screen with two pixels to the CSS pixel, sharp up to 128 CSS pixels. */
const THUMBNAIL_SIDE = 256;

/** This browser. */
export function galleryBrowser(): GalleryBrowser {
  const tabs = new BroadcastChannel(CHANNEL);
  return {
    open: () => Gallery.open(Date.now()),
    makeThumbnail,
    now: () => Date.now(),
    tellOthers: () => tabs.postMessage(null),
    onOthers: (listen) => tabs.addEventListener('message', listen),
  };
}

/** @throws AppError unsupported-image */
async function makeThumbnail(picture: Blob): Promise<SmallPicture> {
  const bitmap = await createImageBitmap(picture).catch((cause: unknown) => {
    throw new AppError(
      'unsupported-image',
      'This picture is damaged.',
      { kind: 'damaged-picture' } satisfies Fault,
      { cause },
    );
  });
  const { width, height } = bitmap;
  const scale = Math.min(1, THUMBNAIL_SIDE / Math.max(width, height));
  const scaled = (side: number) => Math.max(1, Math.round(side * scale));
  const canvas = new OffscreenCanvas(scaled(width), scaled(height));
  const context = canvas.getContext('2d');
  if (!context) throw new AppError('out-of-memory', 'No canvas for the thumbnail.');
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return { width, height, thumbnail: await canvas.convertToBlob({ type: 'image/webp', quality: 0.85 }) };
}

import { AppError, type Fault } from '../../protocol/errors.ts';
import { ownName } from '../../protocol/root.ts';
import { openTabChannel } from '../../protocol/tab-channel.ts';
import { Gallery } from '../../storage/gallery.ts';
import type { StorageNews } from '../../storage/storage-news.ts';
import type { GalleryBrowser, SmallPicture } from './pictures.ts';

const CHANNEL = ownName('gallery');
/** Pixels of a thumbnail's longer side: on a screen with two pixels to the CSS pixel, sharp up to 256 CSS pixels. */
const THUMBNAIL_SIDE = 512;

/** This browser. @param newsOf gives who is told how the gallery fares, and tells in turn when it was opened */
export function galleryBrowser(newsOf: (onOpened: () => void) => StorageNews): GalleryBrowser {
  const tabs = openTabChannel<null>(CHANNEL);
  const listeners: (() => void)[] = [];
  const hear = () => {
    for (const listen of listeners) listen();
  };
  tabs.onTold(hear);
  const gallery = new Gallery(undefined, newsOf(hear));
  return {
    async open() {
      await gallery.purge(Date.now());
      return gallery;
    },
    makeThumbnail,
    now: () => Date.now(),
    tellOthers: () => tabs.tell(null),
    onChanged: (listen) => listeners.push(listen),
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

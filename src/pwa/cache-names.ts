import { ownNameAt } from '../protocol/own-name.ts';

// By the path of index.html's folder, which the page and the service worker each find in their own way.

/** The cache of the page's own files. */
export const pageCache = (path: string) => ownNameAt(path, 'page');
/** The cache of onnxruntime's wasm and the bundled models. */
export const bundledCache = (path: string) => ownNameAt(path, 'bundled');
/** The cache of a picture that another app has shared. */
export const sharedCache = (path: string) => ownNameAt(path, 'shared');

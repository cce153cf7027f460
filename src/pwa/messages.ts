/** The cache of onnxruntime's wasm and the bundled models. */
export const BUNDLED_CACHE = 'safelight.bundled';

/** Page → service worker: the waiting one is to replace the active one. */
export type Message = 'take-over';

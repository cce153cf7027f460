/** Where the runtime's wasm and the bundled models are kept. */
export const BUNDLED_CACHE = 'safelight.bundled';

/** Page → service worker: the newer one that waits takes the place of this one. */
export type Message = 'take-over';

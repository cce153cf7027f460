/** Page → service worker: the waiting one is to replace the active one. */
export type Message = 'take-over';

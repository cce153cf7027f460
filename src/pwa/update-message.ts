/** Page → service worker: the waiting one is to replace the active one. */
export type UpdateMessage = 'take-over';

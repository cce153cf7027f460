/**
 * Where an error is shown: what is at hand there decides what helps. `look-up` and `disk` are the two ways to add a model, `search` finds one,
 * `models` the rows of those that are there; `unsaved` stands beside a picture that could not be kept, `save` beside a button
 * that saves; `page` is above every screen.
 */
export const ERROR_PLACES = [
  ...(['create', 'draw', 'start-image', 'mask', 'embeddings', 'unsaved', 'save'] as const),
  ...(['queue', 'experiments', 'gallery'] as const),
  ...(['search', 'look-up', 'disk', 'models', 'measure', 'upscale', 'migration', 'page'] as const),
] as const;
export type ErrorPlace = (typeof ERROR_PLACES)[number];

const among = (places: readonly ErrorPlace[]) => (place: ErrorPlace) => places.includes(place);

/** Where the form and its Generate are on the screen. */
export const hasForm = among(['create', 'start-image', 'mask', 'embeddings', 'unsaved']);
/** Where the Models screen is. */
export const hasModels = among(['search', 'look-up', 'disk', 'models', 'measure']);
/** Where a file has just been chosen from disk. */
export const hasChosenFile = among(['draw', 'start-image', 'embeddings', 'disk', 'gallery']);
/** Where the size of a picture and the device are at fault, rather than what else is open. */
export const isPainting = among(['create', 'draw', 'queue', 'experiments', 'upscale', 'start-image']);

import { AppError } from '../../../protocol/errors.ts';
import type { Browser } from '../../stores.ts';

/** A browser in which nothing outlives the page. */
export const SAMPLE_BROWSER: Omit<Browser, 'client' | 'library' | 'storageFaults'> = {
  storage: () => ({ getItem: () => null, setItem: () => {}, removeItem: () => {} }),
  files: {
    wildcards: { load: async () => [], change: async () => {} },
    styles: { load: async () => [], change: async () => {} },
    embeddings: { load: async () => [], change: async () => {} },
    initImage: { load: async () => null, save: async () => {} },
    controls: { load: async () => [], save: async () => {} },
    picturePrompts: { load: async () => [], save: async () => {} },
    queue: { adopt: async () => {}, save: async () => {} },
    experiments: {
      list: async () => [],
      cells: async () => new Map(),
      save: async () => {},
      saveCell: async () => {},
      remove: async () => {},
    },
  },
  cache: {
    isControlled: () => false,
    cached: async () => [],
    fetchJson: async () => null,
    fetch: async () => {},
  },
  gallery: {
    open: () => Promise.reject(new AppError('no-storage', 'None here.')),
    makeThumbnail: async (picture) => ({ thumbnail: picture, width: 8, height: 8 }),
    now: () => 0,
    tellOthers: () => {},
    onChanged: () => {},
  },
  notifier: { isAllowed: () => false, isBlocked: () => false, ask: async () => false, show: () => {} },
  languages: ['en'],
};

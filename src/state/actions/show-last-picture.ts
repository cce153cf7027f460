import type { Stores } from '../stores.ts';
import { showPicture } from './restore-picture.ts';

/** Shows the last picture of the gallery that can still be read, as long as there is nothing else on the easel. */
export async function showLastPicture(stores: Stores): Promise<void> {
  const { generation, gallery } = stores;
  const isFree = () => generation.getState().run === null && generation.getState().phase === 'idle';
  await gallery.getState().loadRecent();
  for (const row of gallery.getState().recent ?? []) {
    if (!isFree()) return;
    await showPicture(stores, row, isFree);
  }
}

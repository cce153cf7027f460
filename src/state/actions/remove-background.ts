import type { ModelId } from '../../catalog/models.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import type { Stores } from '../stores.ts';
import { upscalePicture } from './upscale-picture.ts';

const installedRemover = ({ models }: Stores): ModelId | undefined =>
  models.getState().installed?.find(({ type, complete }) => type === 'background_removal' && complete)?.id;

/** Without a model on this device it is only noted what is lacking, and for which picture. @param of its key in the store of upscales */
async function withRemover(stores: Stores, of: string, remove: (model: ModelId) => Promise<boolean>) {
  const model = installedRemover(stores);
  if (model === undefined) {
    const go = () => void withRemover(stores, of, remove);
    stores.upscales.setState({ lacking: { of, go } });
  } else if (await remove(model)) stores.notice.getState().say({ kind: 'background-removed' });
}

/** Removes the background of a finished picture, which is then shown in its place and saved beside it. @param url the picture's */
export const removeBackground = (stores: Stores, url: string, png: Blob): Promise<void> =>
  withRemover(stores, url, async (model) => {
    const { device } = stores.settings.getState().fields;
    await stores.upscales.getState().upscale(url, png, model, device, 'removeBackground');
    return stores.upscales.getState().made[url]?.task === 'removeBackground';
  });

/** The same of a picture of the gallery: the result is saved beside it. */
export const removeRowsBackground = (stores: Stores, row: PictureRow): Promise<void> =>
  withRemover(
    stores,
    row.id,
    async (model) => (await upscalePicture(stores, row, model, 'removeBackground')) !== null,
  );

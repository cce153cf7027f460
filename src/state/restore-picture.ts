import type { PictureRow } from '../gallery/picture-row.ts';
import { offerOf } from './offered-settings.ts';
import type { Stores } from './stores.ts';

/**
 * Fills the form with everything a picture was made with, its seed locked, and the picture it began with, so that Generate
 * makes it again.
 */
export async function restorePicture(
  { settings, models, embeddings, initImage, gallery, notice }: Stores,
  row: PictureRow,
): Promise<void> {
  if (!row.settings) return;
  const { fields } = settings.getState();
  const { installed } = models.getState();
  const tokens = embeddings.getState().embeddings.map(({ token }) => token);
  const offer = offerOf(row.settings, { fields, installed, tokens });
  settings.getState().apply({ fields: { ...offer.fields, images: '1' }, refused: [], run: false });
  settings.getState().setSeedLocked(true);
  const image = row.image && (await gallery.getState().file('input', row.image));
  if (image) await initImage.getState().take(image);
  else initImage.getState().discard();
  const absent = offer.notes.find((note) => note.kind === 'not-here');
  notice
    .getState()
    .say(
      absent?.kind === 'not-here'
        ? `Settings taken over; ${absent.name} is not on this device.`
        : 'Settings taken over.',
    );
}

import { BUNDLED, type BundledModel } from '../../catalog/models.ts';
import { usualFields } from '../form/fields.ts';
import type { Stores } from '../stores.ts';
import { generate } from './generate.ts';
import { takeOver } from './take-over.ts';

/** What the prints of the first visit were painted with (docs/prints.mjs), beside their model's usual settings. */
const PRINT = { model: 'trinket', negativePrompt: '', seed: '1', numImages: '1' } as const;

/** Paints a print of the first visit anew, with all that made it; whatever of the form that replaces can be undone. */
export async function paintExample(stores: Stores, prompt: string): Promise<void> {
  const { settings, initImage } = stores;
  const { defaults } = BUNDLED[PRINT.model] as BundledModel;
  const fields = { ...usualFields(defaults), ...PRINT, prompt };
  const fill = () => {
    settings.getState().apply({ fields, refused: [], run: false });
    initImage.getState().discard();
  };
  await takeOver(stores, fill, ({ fields: replaced, image }) => {
    const { prompt: text, negativePrompt, seed: _, ...others } = replaced;
    const isLoss = image || text || negativePrompt || Object.keys(others).length > 0;
    return isLoss ? { kind: 'settings-applied', absent: null } : null;
  });
  generate(stores);
}

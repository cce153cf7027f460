import { upscalePicture } from '../../state/actions/upscale-picture.ts';
import { isBusy } from '../../state/jobs/generation-store.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { useGeneration, useStores, useUpscales } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import { UpscaleError } from './UpscaleError.tsx';
import { useUpscalers } from './use-upscalers.ts';

/** One button for each upscaler: it upscales a picture of the gallery, whose result is saved beside it, or stops that. */
export function UpscaleActions({ row }: { readonly row: PictureRow }) {
  const texts = useTexts().gallery;
  const stores = useStores();
  const upscalers = useUpscalers();
  const isGenerating = useGeneration(isBusy);
  const busy = useUpscales((upscales) => upscales.busy);

  const start = async (model: string) => {
    const size = await upscalePicture(stores, row, model);
    if (size) stores.notice.getState().say({ kind: 'upscaled', ...size });
  };
  return (
    <>
      {upscalers.map(({ id, label }) => {
        const isOurs = busy?.of === row.id && busy.model === id;
        const isElsewhere = isGenerating || (busy !== null && !isOurs);
        return (
          <button
            key={id}
            type="button"
            // Not `disabled`, which would lose the focus.
            aria-disabled={isElsewhere}
            onClick={() => {
              if (isOurs) stores.upscales.getState().stop();
              else if (!isElsewhere) void start(id);
            }}
          >
            {isOurs ? texts.stopUpscaling(Math.floor(busy.done * 100)) : texts.upscale(label)}
          </button>
        );
      })}
      <UpscaleError of={row.id} />
    </>
  );
}

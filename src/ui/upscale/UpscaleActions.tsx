import { upscalePicture } from '../../state/actions/upscale-picture.ts';
import { isBusy } from '../../state/jobs/generation-store.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { useGeneration, useModels, useStores, useUpscales } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import { UpscaleFault } from './UpscaleButtons.tsx';

/** Makes a picture larger with each upscaler on this device; the result is kept beside it. */
export function UpscaleActions({ row }: { readonly row: PictureRow }) {
  const texts = useTexts().gallery;
  const stores = useStores();
  const installed = useModels((models) => models.installed) ?? [];
  const isPainting = useGeneration(isBusy);
  const busy = useUpscales((upscales) => upscales.busy);
  const upscalers = installed.filter(({ type, complete }) => type === 'upscaler' && complete);

  const enlarge = async (model: string) => {
    const larger = await upscalePicture(stores, row, model);
    if (larger) stores.notice.getState().say({ kind: 'enlarged', ...larger });
  };
  return (
    <>
      {upscalers.map(({ id, label }) => {
        const isOurs = busy?.of === row.id && busy.model === id;
        const isElsewhere = isPainting || (busy !== null && !isOurs);
        return (
          <button
            key={id}
            type="button"
            // Not `disabled`, which would lose the focus.
            aria-disabled={isElsewhere}
            onClick={() => {
              if (isOurs) stores.upscales.getState().stop();
              else if (!isElsewhere) void enlarge(id);
            }}
          >
            {isOurs ? texts.stopEnlarging(Math.floor(busy.done * 100)) : texts.enlarge(label)}
          </button>
        );
      })}
      <UpscaleFault of={row.id} />
    </>
  );
}

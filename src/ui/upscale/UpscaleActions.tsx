import { removeRowsBackground } from '../../state/actions/remove-background.ts';
import { upscalePicture } from '../../state/actions/upscale-picture.ts';
import { isBusy } from '../../state/jobs/generation-store.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { useGeneration, useStores, useUpscales } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import { BackgroundOffer } from './BackgroundOffer.tsx';
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
      <RemoveBackground row={row} isBusyElsewhere={isGenerating || (busy !== null && busy.of !== row.id)} />
      <BackgroundOffer of={row.id} />
      <UpscaleError of={row.id} />
    </>
  );
}

/** Removes the picture's background, or stops that. */
function RemoveBackground({ row, isBusyElsewhere }: Props) {
  const texts = useTexts().easel;
  const stores = useStores();
  const isOurs = useUpscales(({ busy }) => busy?.of === row.id && busy.task === 'removeBackground');
  const isUpscaling = useUpscales(({ busy }) => busy?.task === 'upscale');
  const isElsewhere = isBusyElsewhere || isUpscaling;
  return (
    <button
      type="button"
      aria-disabled={isElsewhere}
      onClick={() => {
        if (isOurs) stores.upscales.getState().stop();
        else if (!isElsewhere) void removeRowsBackground(stores, row);
      }}
    >
      {isOurs ? texts.stopRemovingBackground : texts.removeBackground}
    </button>
  );
}

interface Props {
  readonly row: PictureRow;
  readonly isBusyElsewhere: boolean;
}

import { useState } from 'react';
import { type Border, fitBorder, hasBorder } from '../../../protocol/placement.ts';
import { useInitImage, useSettings } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { ChoiceSelect } from '../../widgets/ChoiceSelect.tsx';
import { lazily } from '../../widgets/lazily.tsx';
import { NumberInput } from '../../widgets/NumberInput.tsx';
import { ExtendEditor } from './ExtendEditor.tsx';
import styles from './StartImage.module.css';
import { usePlacement } from './use-placement.ts';

const MaskEditor = lazily(
  async () => (await import('./MaskEditor.tsx')).MaskEditor,
  () => null,
);

/** Opens the editors of the mask and of the border, and has the settings of what they mark. */
export function InpaintOptions({ url }: { readonly url: string }) {
  const texts = useTexts();
  const [open, setOpen] = useState<'mask' | 'extend' | null>(null);
  const mask = useInitImage((image) => image.mask);
  const change = useInitImage((image) => image.change);
  const placed = usePlacement();
  const isExtended = hasBorder(placed.placement, placed.canvas);
  const isFaulty = useSettings(({ notes }) => notes.maskBlur !== undefined);
  return (
    <>
      <div className={styles.buttons}>
        <button type="button" onClick={() => setOpen('mask')}>
          {mask ? texts.mask.change : texts.mask.open}
        </button>
        <button type="button" onClick={() => setOpen('extend')}>
          {texts.startImage.extend}
        </button>
      </div>
      {(mask || isExtended || isFaulty) && <MaskSettings isExtended={isExtended} />}
      {open === 'mask' && (
        <MaskEditor
          {...{ url, placed, mask }}
          onDone={(next) => {
            change({ mask: next });
            setOpen(null);
          }}
        />
      )}
      {open === 'extend' && <Extend url={url} onClose={() => setOpen(null)} />}
    </>
  );
}

/** How the masked part, or the border, is painted. */
function MaskSettings({ isExtended }: { readonly isExtended: boolean }) {
  const { fileSize } = useTexts().mask;
  const paddingMaskCrop = useSettings(({ fields }) => fields.paddingMaskCrop);
  return (
    <>
      <NumberInput field="maskBlur" />
      <ChoiceSelect field="maskedContent" />
      {!isExtended && (
        <ChoiceSelect field="paddingMaskCrop" note={paddingMaskCrop === 'whole' ? undefined : fileSize} />
      )}
    </>
  );
}

/** The border's editor. The canvas grows by the border, so that the picture keeps its size. */
function Extend({ url, onClose }: { readonly url: string; readonly onClose: () => void }) {
  const { file, canvas, room: inner } = usePlacement();
  const fit = useSettings(({ fields }) => fields.fit);
  const set = useSettings((settings) => settings.set);
  const offset = useInitImage((image) => image.offset);
  const kept = useInitImage((image) => image.border);
  const change = useInitImage((image) => image.change);
  const border = fitBorder(kept, canvas);
  const onDone = (next: Border) => {
    change({ border: next });
    set('width', String(inner.width + next.left + next.right));
    set('height', String(inner.height + next.top + next.bottom));
    onClose();
  };
  return <ExtendEditor {...{ url, file, inner, border, onDone }} placing={{ fit, offset }} />;
}

import { type CSSProperties, useState } from 'react';
import { EMPTY_MASK, isEmpty } from '../../../state/form/mask.ts';
import { unchanged } from '../../../state/form/mask-history.ts';
import type { Mask } from '../../../storage/stored-files.ts';
import { useLanguage } from '../../page/stores-context.ts';
import { useModal } from '../../page/use-modal.ts';
import { PICK_TEXTS } from '../../texts/pick-texts.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { DISCARD, EditorButtons } from './EditorButtons.tsx';
import { MaskCanvas, type PaintedMap } from './MaskCanvas.tsx';
import styles from './MaskEditor.module.css';
import { type Brush, MaskTools } from './MaskTools.tsx';
import pickStyles from './PickLayer.module.css';
import { PickLayer } from './PickLayer.tsx';
import { PickStatus } from './PickStatus.tsx';
import { PlacedPicture } from './PlacedPicture.tsx';
import { usePicking } from './use-picking.ts';
import type { PlacedOnCanvas } from './use-placement.ts';

interface Props {
  readonly url: string;
  readonly placed: PlacedOnCanvas;
  readonly mask: Mask | null;
  readonly ofMap?: PaintedMap;
  /** Is given the mask as drawn, or null where nothing is marked. */
  readonly onDone: (mask: Mask | null) => void;
}

/**
 * Marks what is to be inpainted, with a brush or by clicks on things, or paints on a map. By keyboard: the arrow keys move the brush, Space
 * makes a dab, [ and ]
 * change the brush's size, Ctrl+Z undoes a stroke, Ctrl+Shift+Z and Ctrl+Y redo it.
 */
export function MaskEditor({ url, placed, mask, ofMap, onDone }: Props) {
  const texts = useTexts().mask;
  const dialog = useModal();
  const [history, setHistory] = useState(unchanged(mask ?? EMPTY_MASK));
  const [brush, setBrush] = useState<Brush>({ radius: 0.08, isSoft: true, erases: false });
  const onBrush = (change: Partial<Brush>) => setBrush({ ...brush, ...change });
  const pickTexts = PICK_TEXTS[useLanguage(({ language }) => language)];
  const [isPicking, setPicking] = useState(false);
  const picking = usePicking({ placed, history, onHistory: setHistory });
  const { canvas, placement } = placed;
  const drawn = isEmpty(history.now) ? null : history.now;
  return (
    <dialog
      ref={dialog}
      className={styles.editor}
      style={{ '--ratio': canvas.width / canvas.height } as CSSProperties}
      aria-label={ofMap?.label ?? texts.label}
      onClose={({ currentTarget }) => onDone(currentTarget.returnValue === DISCARD ? mask : drawn)}
    >
      <PlacedPicture {...{ url, canvas, placement }} alt="">
        <div className={isPicking ? pickStyles.under : undefined} inert={isPicking}>
          <MaskCanvas {...{ placed, ofMap, history, brush, onBrush }} onHistory={setHistory} />
        </div>
        {isPicking && (
          <PickLayer
            {...{ placed, texts: pickTexts, takesAway: brush.erases, pick: picking.pick }}
            onHistory={setHistory}
          />
        )}
      </PlacedPicture>
      <div className={styles.tools}>
        {isPicking && <PickStatus {...{ picking, texts: pickTexts }} onDismiss={() => setPicking(false)} />}
        {!ofMap && (
          <button type="button" aria-pressed={isPicking} onClick={() => setPicking(!isPicking)}>
            {pickTexts.byClick}
          </button>
        )}
        <MaskTools
          {...{ brush, history, onBrush }}
          erase={isPicking ? pickTexts.takeAway : (ofMap?.erase ?? texts.erase)}
          hasBrush={!isPicking}
          onHistory={setHistory}
        />
        <div className={styles.end}>
          <EditorButtons dialog={dialog} discardLabel={texts.leave} />
        </div>
      </div>
    </dialog>
  );
}

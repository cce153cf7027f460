import { type CSSProperties, useState } from 'react';
import { EMPTY_MASK, isEmpty } from '../../../state/form/mask.ts';
import { unchanged } from '../../../state/form/mask-history.ts';
import type { Mask } from '../../../storage/stored-files.ts';
import { useModal } from '../../page/use-modal.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { DISCARD, EditorButtons } from './EditorButtons.tsx';
import { MaskCanvas, type PaintedMap } from './MaskCanvas.tsx';
import styles from './MaskEditor.module.css';
import { type Brush, MaskTools } from './MaskTools.tsx';
import { PlacedPicture } from './PlacedPicture.tsx';
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
 * Marks with a brush what is to be inpainted, or paints on a map. By keyboard: the arrow keys move the brush, Space makes a dab, [ and ]
 * change the brush's size, Ctrl+Z undoes a stroke, Ctrl+Shift+Z and Ctrl+Y redo it.
 */
export function MaskEditor({ url, placed, mask, ofMap, onDone }: Props) {
  const texts = useTexts().mask;
  const dialog = useModal();
  const [history, setHistory] = useState(unchanged(mask ?? EMPTY_MASK));
  const [brush, setBrush] = useState<Brush>({ radius: 0.08, isSoft: true, erases: false });
  const onBrush = (change: Partial<Brush>) => setBrush({ ...brush, ...change });
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
        <MaskCanvas {...{ placed, ofMap, history, brush, onBrush }} onHistory={setHistory} />
      </PlacedPicture>
      <div className={styles.tools}>
        <MaskTools
          {...{ brush, history, onBrush }}
          erase={ofMap?.erase ?? texts.erase}
          onHistory={setHistory}
        />
        <div className={styles.end}>
          <EditorButtons dialog={dialog} discardLabel={texts.leave} />
        </div>
      </div>
    </dialog>
  );
}

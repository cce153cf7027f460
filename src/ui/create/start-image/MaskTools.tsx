import { EMPTY_MASK, isEmpty } from '../../../state/form/mask.ts';
import { change, type MaskHistory, redo, undo } from '../../../state/form/mask-history.ts';
import { useTexts } from '../../texts/use-texts.ts';

/** The brush. Its radius is a fraction of the canvas' width. */
export interface Brush {
  readonly radius: number;
  readonly isSoft: boolean;
  readonly erases: boolean;
}

interface Props {
  readonly brush: Brush;
  /** What the brush that takes away is called. */
  readonly erase: string;
  readonly onBrush: (change: Partial<Brush>) => void;
  readonly history: MaskHistory;
  readonly onHistory: (next: MaskHistory) => void;
}

/** The settings of the brush, and what can be done with the whole mask. */
export function MaskTools({ brush, erase, onBrush, history, onHistory }: Props) {
  const texts = useTexts().mask;
  const { now, past, future } = history;
  return (
    <>
      <label>
        {texts.brush}
        <input
          type="range"
          min={0.01}
          max={0.4}
          step={0.01}
          value={brush.radius}
          onChange={(event) => onBrush({ radius: Number(event.target.value) })}
        />
      </label>
      <button type="button" aria-pressed={brush.isSoft} onClick={() => onBrush({ isSoft: !brush.isSoft })}>
        {texts.softEdge}
      </button>
      <button type="button" aria-pressed={brush.erases} onClick={() => onBrush({ erases: !brush.erases })}>
        {erase}
      </button>
      <button type="button" aria-disabled={past.length === 0} onClick={() => onHistory(undo(history))}>
        {texts.undo}
      </button>
      <button type="button" aria-disabled={future.length === 0} onClick={() => onHistory(redo(history))}>
        {texts.redo}
      </button>
      <button
        type="button"
        aria-pressed={now.isInverted}
        onClick={() => onHistory(change(history, { ...now, isInverted: !now.isInverted }))}
      >
        {texts.invert}
      </button>
      <button
        type="button"
        aria-disabled={isEmpty(now)}
        onClick={() => !isEmpty(now) && onHistory(change(history, EMPTY_MASK))}
      >
        {texts.clear}
      </button>
    </>
  );
}

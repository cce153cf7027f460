import { isBlank } from '../../state/draw/drawing-store.ts';
import { PAPER } from '../../state/draw/paint-mark.ts';
import type { Drawing } from '../../storage/stored-drawing.ts';
import { FileButton } from '../widgets/FileButton.tsx';
import { THINNEST, WIDEST } from './DrawingCanvas.tsx';
import type { Brush } from './DrawingPane.tsx';
import styles from './DrawTools.module.css';
import { useDrawing, useDrawTexts } from './use-draw.ts';

interface Props {
  readonly drawing: Drawing;
  readonly brush: Brush;
  readonly onBrush: (change: Partial<Brush>) => void;
}

/** The brush, its colours, and what can be done with the whole drawing. */
export function DrawTools({ drawing, brush, onBrush }: Props) {
  const texts = useDrawTexts();
  return (
    <fieldset aria-label={texts.tools} className={styles.tools}>
      <button type="button" aria-pressed={!brush.erases} onClick={() => onBrush({ erases: false })}>
        {texts.brush}
      </button>
      <button type="button" aria-pressed={brush.erases} onClick={() => onBrush({ erases: true })}>
        {texts.eraser}
      </button>
      <label className={styles.size}>
        {texts.size}
        <input
          type="range"
          min={THINNEST}
          max={WIDEST}
          step={2}
          value={brush.width}
          onChange={(event) => onBrush({ width: Number(event.target.value) })}
        />
      </label>
      <Colours {...{ brush, onBrush }} />
      <Whole drawing={drawing} colour={brush.colour} />
    </fieldset>
  );
}

function Colours({ brush, onBrush }: Omit<Props, 'drawing'>) {
  const texts = useDrawTexts();
  const choose = (colour: string) => onBrush({ colour, erases: false });
  const isListed = Object.hasOwn(texts.colours, brush.colour);
  return (
    <fieldset aria-label={texts.colour} className={styles.colours}>
      {Object.entries(texts.colours).map(([colour, name]) => (
        <button
          key={colour}
          type="button"
          className={styles.swatch}
          style={{ background: colour }}
          aria-label={name}
          title={name}
          aria-pressed={colour === brush.colour && !brush.erases}
          onClick={() => choose(colour)}
        />
      ))}
      <input
        type="color"
        className={isListed ? styles.own : styles.chosen}
        aria-label={texts.anotherColour}
        title={texts.anotherColour}
        value={brush.colour}
        onChange={(event) => choose(event.target.value)}
      />
    </fieldset>
  );
}

/** What changes the whole drawing. */
function Whole({ drawing, colour }: { readonly drawing: Drawing; readonly colour: string }) {
  const texts = useDrawTexts();
  const { add, undo, redo, placePicture } = useDrawing((state) => state);
  const undone = useDrawing((state) => state.undone);
  const isEmpty = isBlank(drawing);
  return (
    <>
      <button type="button" aria-disabled={drawing.marks.length === 0} onClick={undo}>
        {texts.undo}
      </button>
      <button type="button" aria-disabled={undone.length === 0} onClick={redo}>
        {texts.redo}
      </button>
      <button type="button" onClick={() => add({ kind: 'fill', colour })}>
        {texts.fill}
      </button>
      <button
        type="button"
        aria-disabled={isEmpty}
        onClick={() => !isEmpty && add({ kind: 'fill', colour: PAPER })}
      >
        {texts.clear}
      </button>
      <FileButton accept="image/*" onFiles={([file]) => file && void placePicture(file)}>
        {texts.startFrom}
      </FileButton>
    </>
  );
}

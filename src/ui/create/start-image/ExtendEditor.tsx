import { type CSSProperties, useState } from 'react';
import { type Border, NO_BORDER, place, type Size } from '../../../protocol/placement.ts';
import { useInitImage } from '../../page/stores-context.ts';
import { useModal } from '../../page/use-modal.ts';
import { SIDES, type Side } from '../../texts/placement-text.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { BorderHandle } from './BorderHandle.tsx';
import { DISCARD, EditorButtons } from './EditorButtons.tsx';
import styles from './ExtendEditor.module.css';
import { borderWith, extended, mostOf, viewAround } from './extend-border.ts';
import { MaskOverlay } from './MaskOverlay.tsx';
import { PixelInput } from './PixelInput.tsx';
import { PlacedPicture, partOf } from './PlacedPicture.tsx';

interface Props {
  readonly url: string;
  readonly file: Size;
  /** The canvas without its border. */
  readonly inner: Size;
  readonly placing: Omit<Parameters<typeof place>[2], 'border'>;
  readonly border: Border;
  readonly onDone: (border: Border) => void;
}

/** Extends the canvas around the picture: each edge by pointer, by arrow keys or by number. */
export function ExtendEditor({ url, file, inner, placing, border: before, onDone }: Props) {
  const texts = useTexts().startImage;
  const dialog = useModal();
  const mask = useInitImage((image) => image.mask);
  const [border, setBorder] = useState(before);
  // The view does not change while an edge is dragged, or the edge would run away from the pointer.
  const [viewed, setViewed] = useState(before);
  const canvas = extended(inner, border);
  const placement = place(file, canvas, { ...placing, border });
  const { view, onView } = viewAround(inner, viewed, border);
  const set = (next: Border) => {
    setBorder(next);
    setViewed(next);
  };

  return (
    <dialog
      ref={dialog}
      className={styles.editor}
      style={{ '--ratio': view.width / view.height } as CSSProperties}
      aria-label={texts.extendLabel}
      onClose={({ currentTarget }) => onDone(currentTarget.returnValue === DISCARD ? before : border)}
    >
      <div className={styles.view} style={{ aspectRatio: view.width / view.height }}>
        <div className={styles.canvas} style={partOf(onView, view)}>
          <PlacedPicture {...{ url, canvas, placement }} alt="">
            {mask && <MaskOverlay mask={mask} placed={{ file, canvas, placement }} />}
          </PlacedPicture>
          {SIDES.map((side) => (
            <BorderHandle
              key={side}
              {...{ side, border }}
              most={mostOf(side, border, inner)}
              pixelsAcross={view.width}
              onDrag={(pixels) => setBorder((now) => borderWith(now, side, pixels, inner))}
              onSet={(pixels) => set(borderWith(border, side, pixels, inner))}
              onEnd={() => setViewed(border)}
            />
          ))}
        </div>
      </div>
      <div className={styles.tools}>
        <BorderInputs {...{ inner, border }} onSet={set} />
        <div className={styles.end}>
          <EditorButtons dialog={dialog} discardLabel={texts.leaveEdges} />
        </div>
      </div>
    </dialog>
  );
}

interface InputsProps {
  readonly inner: Size;
  readonly border: Border;
  readonly onSet: (border: Border) => void;
}

/** Each side as a number, the size they add up to, and the button that clears them. */
function BorderInputs({ inner, border, onSet }: InputsProps) {
  const texts = useTexts().startImage;
  const { width, height } = extended(inner, border);
  const onSide = (side: Side) => (pixels: number) => onSet(borderWith(border, side, pixels, inner));
  return (
    <>
      {SIDES.map((side) => (
        <PixelInput
          key={side}
          label={texts.sides[side]}
          value={border[side]}
          max={mostOf(side, border, inner)}
          onSet={onSide(side)}
        />
      ))}
      <p className={styles.size}>{texts.inAll(width, height)}</p>
      <button
        type="button"
        aria-disabled={width === inner.width && height === inner.height}
        onClick={() => onSet(NO_BORDER)}
      >
        {texts.clear}
      </button>
    </>
  );
}

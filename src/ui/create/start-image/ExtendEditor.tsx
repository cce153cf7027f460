import { type CSSProperties, useEffect, useRef, useState } from 'react';
import { type Border, NO_BORDER, place, type Size } from '../../../protocol/placement.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { IconButton } from '../../widgets/IconButton.tsx';
import { BorderHandle } from './BorderHandle.tsx';
import styles from './ExtendEditor.module.css';
import { borderWith, mostOf, SIDES } from './extend-border.ts';
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

/** How much more than the canvas is shown around it, so that there is somewhere to draw its edges to. */
const AROUND = 0.25;

/** What the dialog returns where the edges are to be as they were. */
const AS_IT_WAS = 'as-it-was';

/** Extends the canvas around the picture: each edge by pointer, by arrow keys or by number. */
export function ExtendEditor({ url, file, inner, placing, border: before, onDone }: Props) {
  const texts = useTexts().startImage;
  const dialog = useRef<HTMLDialogElement>(null);
  const [border, setBorder] = useState(before);
  // What is in view stays while an edge is drawn, or the edge would run away from the pointer.
  const [viewed, setViewed] = useState(before);
  useEffect(() => dialog.current?.showModal(), []);

  const extended = ({ left, top, right, bottom }: Border): Size => ({
    width: inner.width + left + right,
    height: inner.height + top + bottom,
  });
  const canvas = extended(border);
  const margin = AROUND * Math.max(extended(viewed).width, extended(viewed).height);
  const view = {
    width: extended(viewed).width + 2 * margin,
    height: extended(viewed).height + 2 * margin,
  };
  const onView = {
    x: margin + viewed.left - border.left,
    y: margin + viewed.top - border.top,
    ...canvas,
  };
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
      onClose={({ currentTarget }) => onDone(currentTarget.returnValue === AS_IT_WAS ? before : border)}
    >
      <div className={styles.view} style={{ aspectRatio: view.width / view.height }}>
        <div className={styles.canvas} style={partOf(onView, view)}>
          <PlacedPicture
            {...{ url, canvas }}
            placement={place(file, canvas, { ...placing, border })}
            alt=""
          />
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
        {SIDES.map((side) => (
          <PixelInput
            key={side}
            label={texts.sides[side]}
            value={border[side]}
            max={mostOf(side, border, inner)}
            onSet={(pixels) => set(borderWith(border, side, pixels, inner))}
          />
        ))}
        <p className={styles.size}>{texts.inAll(canvas.width, canvas.height)}</p>
        <button
          type="button"
          aria-disabled={canvas.width === inner.width && canvas.height === inner.height}
          onClick={() => set(NO_BORDER)}
        >
          {texts.clear}
        </button>
        <div className={styles.end}>
          <button type="button" className="primary" onClick={() => dialog.current?.close()}>
            {texts.done}
          </button>
          <IconButton
            icon="close"
            label={texts.leaveEdges}
            hasTooltip
            onClick={() => dialog.current?.close(AS_IT_WAS)}
          />
        </div>
      </div>
    </dialog>
  );
}

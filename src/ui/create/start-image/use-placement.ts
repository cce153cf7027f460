import { type Placement, place, type Rect, roomWithin, type Size } from '../../../protocol/placement.ts';
import { SETTINGS } from '../../../protocol/settings.ts';
import { snap } from '../../../state/form/fields.ts';
import { useInitImage, useSettings } from '../../stores-context.ts';

/** The picture to begin with on the canvas of the form's size. */
export interface PlacedOnCanvas {
  readonly file: Size;
  readonly canvas: Size;
  /** The canvas without the border added. */
  readonly room: Rect;
  readonly placement: Placement;
}

/** Where the picture to begin with comes to lie as the form stands. */
export function usePlacement(): PlacedOnCanvas {
  const fit = useSettings(({ fields }) => fields.fit);
  const canvas = {
    width: useSettings(({ fields }) => snap(SETTINGS.width, Number(fields.width))),
    height: useSettings(({ fields }) => snap(SETTINGS.height, Number(fields.height))),
  };
  const file = {
    width: useInitImage((image) => image.width),
    height: useInitImage((image) => image.height),
  };
  const offset = useInitImage((image) => image.offset);
  const border = useInitImage((image) => image.border);
  return {
    file,
    canvas,
    room: roomWithin(border, canvas),
    placement: place(file, canvas, { fit, offset, border }),
  };
}

import { place, type Rect, roomWithin } from '../../../protocol/placement.ts';
import { SETTINGS } from '../../../protocol/settings.ts';
import { snap } from '../../../state/form/fields.ts';
import { useInitImage, useSettings } from '../../page/stores-context.ts';
import type { PictureOnCanvas } from '../../texts/placement-text.ts';

/** The initial image on a canvas of the form's size. */
export interface PlacedOnCanvas extends PictureOnCanvas {
  /** The canvas without the border added. */
  readonly room: Rect;
}

/** Where the initial image lies as the form stands. */
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

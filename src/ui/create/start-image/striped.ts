/** A safelight's red, and a colour as dark as the darkroom: on whatever lies under them, one of the two is seen. */
const RED = [255, 70, 40] as const;
const DARK = [40, 8, 4] as const;
/** How much of what lies under them they hide. */
const COVER = 0.62;
/** Pixels along a row. */
const STRIPE = 8;

/** Diagonal stripes where the mask is white, nothing where it is black; between them, as much as the mask is grey. */
export function striped(mask: ImageData): ImageData {
  const { data, width } = mask;
  for (let i = 0; i < data.length; i += 4) {
    const at = i / 4;
    const across = (at % width) + Math.floor(at / width);
    const colour = Math.floor(across / STRIPE) % 2 === 0 ? RED : DARK;
    data.set([...colour, (data[i] as number) * COVER], i);
  }
  return mask;
}

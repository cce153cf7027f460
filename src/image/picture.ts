/** A picture in memory: 8-bit RGBA, row by row, opaque. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** One 8-bit channel, row by row: a mask, or one colour. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** The same grey in all colours. */
export function fromGrey({ width, height, data }: GreyPicture): Picture {
  const rgba = new Uint8ClampedArray(data.length * 4).fill(255);
  for (let i = 0; i < data.length; i++) {
    const grey = data[i] as number;
    rgba[i * 4] = grey;
    rgba[i * 4 + 1] = grey;
    rgba[i * 4 + 2] = grey;
  }
  return { width, height, rgba };
}

/** Pillow's conversion to grey (ITU-R 601-2). */
export function toGrey({ width, height, rgba }: Picture): GreyPicture {
  const data = new Uint8ClampedArray(width * height);
  for (let i = 0; i < data.length; i++) {
    const [r, g, b] = [rgba[i * 4], rgba[i * 4 + 1], rgba[i * 4 + 2]] as [number, number, number];
    data[i] = (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16;
  }
  return { width, height, data };
}

import * as v from 'valibot';
import type { ModelFiles } from '../hub/repo.ts';
import type { Picture } from '../image/picture.ts';
import { type Planes, tileByTile, tilePositions } from '../image/tiles.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import type { Size } from '../protocol/placement.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { OnnxSession } from '../runtime/session.ts';
import { notRun } from './onnx/onnx-graph.ts';
import { UPSCALER_CLASS, UPSCALER_GRAPHS } from './repository-layout.ts';

/** A network that makes pictures larger, on its device. */
export interface Upscaler {
  /** How many times as wide and as high. */
  readonly scale: number;
  /**
   * Makes a picture larger, tile by tile, so that it takes the memory of one tile and of the result.
   * @param onTile awaited after each tile: how many are done, out of how many
   * @throws AppError out-of-memory, device-lost; what `onTile` throws
   */
  upscale(image: Picture, onTile: OnTile): Promise<Picture>;
  release(): Promise<void>;
}

/** Told of each tile in turn, and awaited. */
export type OnTile = (done: number, all: number) => Promise<void>;

/** Pixels each way of the windows in which Swin2SR's attention works. */
const WINDOW = 8;
/** Pixels each way of the pictures that the published models were trained on, and exported with. */
const TILE = 64;
/** In windows: tiles that start at multiples of a window see the same windows as the whole picture would. */
const TILES = { tile: TILE / WINDOW, overlap: 3 };

/** What matters here of the config.json of transformers' Swin2SRForImageSuperResolution. */
const Swin2SRConfig = v.object({
  architectures: v.pipe(v.array(v.string()), v.includes(UPSCALER_CLASS)),
  upscale: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8)),
});

/**
 * Opens an ONNX export of Swin2SR.
 * @throws AppError unsupported-model for other repositories, and for a graph that onnxruntime refuses; out-of-memory, device-lost
 */
export async function loadUpscaler(files: ModelFiles, runtime: Runtime): Promise<Upscaler> {
  const config = v.safeParse(Swin2SRConfig, await files.json('config.json'));
  const path = UPSCALER_GRAPHS.find((name) => files.has(name));
  if (!config.success || path === undefined) {
    const details = { kind: 'no-upscaler', component: 'config.json' } satisfies Fault;
    throw new AppError('unsupported-model', 'This is not a Swin2SR upscaler.', details);
  }
  const bytes = new Uint8Array(await (await files.file(path)).arrayBuffer());
  const sizes = { batch_size: 1, num_channels: 3, height: TILE, width: TILE };
  const session = await runtime.openOnnx({ bytes, externalData: [] }, sizes).catch((error) => {
    throw notRun(path, error);
  });
  const scale = config.output.upscale;
  return {
    scale,
    upscale: (image, onTile) => upscale(session, scale, image, onTile),
    release: () => session.release(),
  };
}

/** @param session `pixel_values` float32 [1, 3, tile, tile] in 0 … 1 → `reconstruction` [1, 3, tile · scale, tile · scale] */
async function upscale(
  session: OnnxSession,
  scale: number,
  image: Picture,
  onTile: OnTile,
): Promise<Picture> {
  const whole = padded(image);
  const count = (length: number) => tilePositions(length / WINDOW, TILES.tile, TILES.overlap).length;
  const all = count(whole.width) * count(whole.height);
  let done = 0;
  const tiling = { ...TILES, from: WINDOW, to: WINDOW * scale };
  const upscaled = await tileByTile(whole, tiling, async (tile) => {
    const shape = [1, tile.channels, tile.height, tile.width];
    const feeds = { pixel_values: { dtype: 'float32', shape, data: tile.data } } as const;
    const { reconstruction } = await session.run(feeds, ['reconstruction']);
    await onTile(++done, all);
    return reconstruction?.data as Float32Array;
  });
  return cropped(upscaled, { width: image.width * scale, height: image.height * scale });
}

/**
 * 8-bit RGBA → [3, H, W] in 0 … 1, each side a multiple of the window and at least one tile. The picture is mirrored into what
 * is added, as in transformers' Swin2SRImageProcessor.
 */
function padded({ rgba, width, height }: Picture): Planes {
  const paddedLength = (length: number) => Math.max(TILE, Math.ceil(length / WINDOW) * WINDOW);
  const [w, h] = [paddedLength(width), paddedLength(height)];
  const mirror = (i: number, length: number) => {
    const place = i % (2 * length);
    return place < length ? place : 2 * length - 1 - place;
  };
  const data = Float32Array.from({ length: 3 * w * h }, (_, i) => {
    const [y, x] = [Math.floor(i / w) % h, i % w];
    const pixel = mirror(y, height) * width + mirror(x, width);
    return (rgba[pixel * 4 + Math.floor(i / (w * h))] as number) / 255;
  });
  return { data, channels: 3, height: h, width: w };
}

/** [3, H, W] in 0 … 1 → 8-bit RGBA of its upper left corner. */
function cropped({ data, height, width }: Planes, size: Size): Picture {
  const rgba = new Uint8ClampedArray(size.width * size.height * 4).fill(255);
  for (let colour = 0; colour < 3; colour++) {
    for (let y = 0; y < size.height; y++) {
      const from = (colour * height + y) * width;
      for (let x = 0; x < size.width; x++)
        rgba[(y * size.width + x) * 4 + colour] = (data[from + x] as number) * 255;
    }
  }
  return { width: size.width, height: size.height, rgba };
}

import * as v from 'valibot';
import type { ModelFiles } from '../hub/repo.ts';
import type { Picture } from '../image/picture.ts';
import { type Planes, tileByTile, tilePositions } from '../image/tiles.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { OnnxSession } from '../runtime/session.ts';

/** A network that makes pictures larger, on its device. */
export interface Upscaler {
  /** How many times as wide and as high. */
  readonly scale: number;
  readonly session: OnnxSession;
}

/** transformers' Swin2SRForImageSuperResolution, as far as its configuration matters here. */
const Swin2SRConfig = v.object({
  architectures: v.pipe(v.array(v.string()), v.includes('Swin2SRForImageSuperResolution')),
  upscale: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8)),
});

/** Where an export has its graph: as transformers.js wants it, or as Optimum leaves it. */
const GRAPHS = ['onnx/model.onnx', 'model.onnx'];

/** Pixels each way of the windows it attends in: tiles that begin at a multiple of them see the windows of the whole. */
const WINDOW = 8;
/** In windows. 64 pixels are the patches that the published models were trained on, and exported with. */
const TILES = { tile: 8, overlap: 3 };
const SIDE = TILES.tile * WINDOW;

/** What comes out has no more pixels than this: each takes some 20 bytes on its way. */
const MOST_PIXELS = 4096 * 4096;

/**
 * An ONNX export of Swin2SR: `pixel_values` float32 [1, 3, H, W] in [0, 1] → `reconstruction` [1, 3, H·scale, W·scale].
 * @throws AppError unsupported-model; out-of-memory, device-lost
 */
export async function openUpscaler(files: ModelFiles, runtime: Runtime): Promise<Upscaler> {
  const config = v.safeParse(Swin2SRConfig, await files.json('config.json'));
  const path = GRAPHS.find((name) => files.has(name));
  if (!config.success || path === undefined) {
    const details = { kind: 'no-upscaler', component: 'config.json' } satisfies Fault;
    throw new AppError('unsupported-model', 'This is no Swin2SR upscaler.', details);
  }
  const bytes = new Uint8Array(await (await files.file(path)).arrayBuffer());
  const sizes = { batch_size: 1, num_channels: 3, height: SIDE, width: SIDE };
  const session = await runtime.openOnnx({ bytes, externalData: [] }, sizes);
  return { scale: config.output.upscale, session };
}

/**
 * A picture through it, tile by tile, so that memory is that of one tile and of what comes out.
 * @param onTile awaited after each tile: how many are done, of how many
 * @throws AppError picture-too-large; what `onTile` throws
 */
export async function upscale(
  { scale, session }: Upscaler,
  picture: Picture,
  onTile: (done: number, all: number) => Promise<void>,
): Promise<Picture> {
  const [width, height] = [picture.width * scale, picture.height * scale];
  if (width * height > MOST_PIXELS) {
    const details = { kind: 'enlarged-too-large', width, height } satisfies Fault;
    const message = `Enlarged the picture would have ${width} × ${height} pixels: too many.`;
    throw new AppError('picture-too-large', message, details);
  }
  const whole = mirrored(picture);
  const count = (length: number) => tilePositions(length / WINDOW, TILES.tile, TILES.overlap).length;
  const all = count(whole.width) * count(whole.height);
  let done = 0;
  const enlarged = await tileByTile(whole, { ...TILES, from: WINDOW, to: WINDOW * scale }, async (piece) => {
    const shape = [1, piece.channels, piece.height, piece.width];
    const feeds = { pixel_values: { dtype: 'float32', shape, data: piece.data } } as const;
    const { reconstruction } = await session.run(feeds, ['reconstruction']);
    await onTile(++done, all);
    return reconstruction?.data as Float32Array;
  });
  return toPicture(enlarged, { width, height });
}

/**
 * 8-bit RGBA → [3, H, W] in [0, 1], each side of whole windows and no shorter than a tile: what is missing is the picture in
 * a mirror, as of transformers' Swin2SRImageProcessor.
 */
function mirrored({ rgba, width, height }: Picture): Planes {
  const whole = (length: number) => Math.max(SIDE, Math.ceil(length / WINDOW) * WINDOW);
  const [w, h] = [whole(width), whole(height)];
  const fold = (i: number, length: number) => {
    const place = i % (2 * length);
    return place < length ? place : 2 * length - 1 - place;
  };
  const data = Float32Array.from({ length: 3 * w * h }, (_, i) => {
    const [y, x] = [Math.floor(i / w) % h, i % w];
    const pixel = fold(y, height) * width + fold(x, width);
    return (rgba[pixel * 4 + Math.floor(i / (w * h))] as number) / 255;
  });
  return { data, channels: 3, height: h, width: w };
}

/** [3, H, W] in [0, 1] → 8-bit RGBA, of which the upper left corner is kept. */
function toPicture({ data, height, width }: Planes, size: Pick<Picture, 'width' | 'height'>): Picture {
  const rgba = new Uint8ClampedArray(size.width * size.height * 4).fill(255);
  for (let colour = 0; colour < 3; colour++) {
    for (let y = 0; y < size.height; y++) {
      const from = (colour * height + y) * width;
      for (let x = 0; x < size.width; x++)
        rgba[(y * size.width + x) * 4 + colour] = (data[from + x] as number) * 255;
    }
  }
  return { ...size, rgba };
}

import * as v from 'valibot';
import type { ModelFiles } from '../hub/repo.ts';
import type { Plane } from '../image/gaussian-filter.ts';
import type { Picture } from '../image/picture.ts';
import { resizeImage } from '../image/resize.ts';
import { interpolateCubic } from '../numerics/interpolate-cubic.ts';
import { BICUBIC } from '../numerics/resample.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import type { Size } from '../protocol/placement.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { notRun } from './onnx/onnx-graph.ts';
import { DEPTH_FILES } from './repository-layout.ts';

const three = v.tuple([v.number(), v.number(), v.number()]);
const length = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2048));

/** What matters here of the preprocessor_config.json of transformers' DPTImageProcessor. */
const Processor = v.object({
  image_processor_type: v.picklist(['DPTImageProcessor', 'DPTFeatureExtractor']),
  size: v.object({ width: length, height: length }),
  ensure_multiple_of: length,
  keep_aspect_ratio: v.literal(true),
  image_mean: three,
  image_std: three,
});
type Processor = v.InferOutput<typeof Processor>;

/** Of a long, narrow picture no more is looked at than of a square one, so many times: attention takes memory by its square. */
const MOST_SQUARES = 4;

/**
 * How near everything in a picture is, by an ONNX export of Depth Anything, which is freed again.
 * @returns as large as the picture; larger is nearer, in the model's own unit
 * @throws AppError unsupported-model for other repositories, and for a graph that onnxruntime refuses; wrong-numbers;
 * out-of-memory, device-lost
 */
export async function estimateDepth(files: ModelFiles, runtime: Runtime, picture: Picture): Promise<Plane> {
  const processor = await readProcessor(files);
  const seen = seenSize(picture, processor);
  const bytes = new Uint8Array(await (await files.file(DEPTH_FILES.graph)).arrayBuffer());
  const refuse = (error: unknown) => {
    throw notRun(DEPTH_FILES.graph, error);
  };
  const sizes = { batch_size: 1, num_channels: 3, ...seen };
  const session = await runtime.openOnnx({ bytes, externalData: [] }, sizes).catch(refuse);
  try {
    const pixelValues = {
      dtype: 'float32',
      shape: [1, 3, seen.height, seen.width],
      data: normalized(resizeImage(picture, seen, BICUBIC), processor),
    } as const;
    const { predicted_depth: depth } = await session
      .run({ pixel_values: pixelValues }, ['predicted_depth'])
      .catch(refuse);
    const [height = 0, width = 0] = depth?.shape.slice(-2) ?? [];
    return atSize({ width, height, data: depth?.data as Float32Array }, picture);
  } finally {
    await session.release();
  }
}

async function readProcessor(files: ModelFiles): Promise<Processor> {
  const { preprocessor, graph } = DEPTH_FILES;
  const isThere = files.has(preprocessor) && files.has(graph);
  const parsed = v.safeParse(Processor, isThere ? await files.json(preprocessor) : undefined);
  if (parsed.success) return parsed.output;
  const details = { kind: 'no-depth', component: preprocessor } satisfies Fault;
  throw new AppError('unsupported-model', 'This is no Depth Anything model.', details);
}

/**
 * The size in which a model sees a picture: DPTImageProcessor's, which keeps the shape and changes as little as possible, in whole
 * patches; at least one each way.
 */
function seenSize({ width, height }: Size, { size, ensure_multiple_of: patch }: Processor): Size {
  const [across, down] = [size.width / width, size.height / height];
  const nearest = Math.abs(1 - across) < Math.abs(1 - down) ? across : down;
  const most = Math.sqrt((MOST_SQUARES * size.width * size.height) / (width * height));
  const scale = Math.min(nearest, most);
  const whole = (pixels: number) => Math.max(1, roundToEven((pixels * scale) / patch)) * patch;
  return { width: whole(width), height: whole(height) };
}

/** Python's round: a half goes to the even side. */
function roundToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}

/** 8-bit RGBA → [3, H, W] with the mean and the deviation of the pictures that a model was trained on. */
function normalized({ rgba }: Picture, { image_mean: mean, image_std: std }: Processor): Float32Array {
  const pixels = rgba.length / 4;
  const data = new Float32Array(3 * pixels);
  for (const channel of [0, 1, 2] as const)
    for (let i = 0; i < pixels; i++)
      data[channel * pixels + i] = ((rgba[i * 4 + channel] as number) / 255 - mean[channel]) / std[channel];
  return data;
}

/** @throws AppError wrong-numbers for what is no number */
function atSize(depth: Plane, { width, height }: Size): Plane {
  if (!depth.data.every(Number.isFinite))
    throw new AppError('wrong-numbers', 'The estimated depth is not a number everywhere.');
  const rows = { outer: depth.height, length: depth.width, inner: 1 };
  const wide = interpolateCubic(depth.data, rows, width);
  const data = interpolateCubic(wide, { outer: 1, length: depth.height, inner: width }, height);
  return { width, height, data };
}

import * as v from 'valibot';
import type { ModelFiles } from '../../hub/repo.ts';
import type { GreyPicture, Picture } from '../../image/picture.ts';
import { AppError, type Fault } from '../../protocol/errors.ts';
import type { Size } from '../../protocol/placement.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { OnnxSession, OnnxTensor } from '../../runtime/session.ts';
import { notRun } from '../onnx/onnx-graph.ts';
import { classOfConfig, PREPROCESSOR_FILE, SEGMENTER_CLASS, SEGMENTER_GRAPHS } from '../repository-layout.ts';
import { pixelValues, postProcessMask, SamPreprocessor, seenSize } from './sam-processor.ts';

/** What a model has seen in a picture: computed once, whatever is then asked about it. */
export interface PictureEmbedding {
  /** Of the picture, in pixels. */
  readonly size: Size;
  /** float32 [1, C, h, w] each. */
  readonly embeddings: OnnxTensor;
  readonly positions: OnnxTensor;
}

/** A point of a picture, in its pixels, on the thing that is looked for or beside it. */
export interface SegmentPoint {
  readonly x: number;
  readonly y: number;
  readonly isPart: boolean;
}

/** The part of a model that finds the thing at some points. */
export interface MaskDecoder {
  /**
   * Of three masks the one that the model thinks best of.
   * @param points at least one
   * @returns 255 where the thing is
   * @throws AppError out-of-memory, device-lost
   */
  segment(picture: PictureEmbedding, points: readonly SegmentPoint[]): Promise<GreyPicture>;
  release(): Promise<void>;
}

/**
 * Looks at a picture, which takes most of the time. The graph is open only meanwhile.
 * @throws AppError unsupported-model for other repositories, and for a graph that onnxruntime refuses; out-of-memory, device-lost
 */
export async function embedPicture(
  files: ModelFiles,
  runtime: Runtime,
  image: Picture,
): Promise<PictureEmbedding> {
  const config = await readConfig(files);
  const session = await open(files, runtime, SEGMENTER_GRAPHS.encoder, ['pixel_values'], [...OF_PICTURE]);
  try {
    const outputs = await session.run({ pixel_values: pixelValues(image, config) }, OF_PICTURE);
    const [embeddings, positions] = OF_PICTURE.map((name) => outputs[name] as OnnxTensor);
    const size = { width: image.width, height: image.height };
    return { size, embeddings: embeddings as OnnxTensor, positions: positions as OnnxTensor };
  } finally {
    await session.release();
  }
}

/**
 * Opens what finds things in a picture that has been looked at.
 * @throws AppError unsupported-model for other repositories, and for a graph that onnxruntime refuses; out-of-memory, device-lost
 */
export async function openMaskDecoder(files: ModelFiles, runtime: Runtime): Promise<MaskDecoder> {
  const config = await readConfig(files);
  const inputs = ['input_points', 'input_labels', ...OF_PICTURE];
  const session = await open(files, runtime, SEGMENTER_GRAPHS.decoder, inputs, OF_POINTS);
  return {
    segment: (picture, points) => segment(session, config, picture, points),
    release: () => session.release(),
  };
}

const OF_PICTURE = ['image_embeddings', 'image_positional_embeddings'] as const;
const OF_POINTS = ['iou_scores', 'pred_masks'] as const;

/** What matters here of the config.json of transformers' SamModel. */
async function readConfig(files: ModelFiles): Promise<SamPreprocessor> {
  if (classOfConfig(await files.json('config.json')) !== SEGMENTER_CLASS) throw noSegmenter('config.json');
  const config = v.safeParse(SamPreprocessor, await files.json(PREPROCESSOR_FILE));
  if (!config.success) throw noSegmenter(PREPROCESSOR_FILE);
  return config.output;
}

async function open(
  files: ModelFiles,
  runtime: Runtime,
  path: string,
  inputs: readonly string[],
  outputs: readonly string[],
): Promise<OnnxSession> {
  const bytes = new Uint8Array(await (await files.file(path)).arrayBuffer());
  const sizes = { batch_size: 1, point_batch_size: 1 };
  const session = await runtime.openOnnx({ bytes, externalData: [] }, sizes).catch((error) => {
    throw notRun(path, error);
  });
  const isFit =
    session.inputNames.every((name) => inputs.includes(name)) &&
    outputs.every((name) => session.outputNames.includes(name));
  if (isFit) return session;
  await session.release();
  throw noSegmenter(path);
}

/** @param session its `input_points` float32 [1, 1, n, 2] are in pixels of the picture as it is seen, `input_labels` int64 [1, 1, n] */
async function segment(
  session: OnnxSession,
  config: SamPreprocessor,
  { size, embeddings, positions }: PictureEmbedding,
  points: readonly SegmentPoint[],
): Promise<GreyPicture> {
  const seen = seenSize(size, config);
  const scaled = points.flatMap(({ x, y }) => [
    x * (seen.width / size.width),
    y * (seen.height / size.height),
  ]);
  const labels = BigInt64Array.from(points, ({ isPart }) => (isPart ? 1n : 0n));
  const n = points.length;
  const outputs = await session.run(
    {
      input_points: { dtype: 'float32', shape: [1, 1, n, 2], data: Float32Array.from(scaled) },
      input_labels: { dtype: 'int64', shape: [1, 1, n], data: labels },
      image_embeddings: embeddings,
      image_positional_embeddings: positions,
    },
    OF_POINTS,
  );
  const scores = outputs.iou_scores?.data as Float32Array;
  const masks = outputs.pred_masks as OnnxTensor;
  const [height, width] = masks.shape.slice(-2) as [number, number];
  const best = scores.indexOf(scores.reduce((a, b) => Math.max(a, b)));
  const data = (masks.data as Float32Array).subarray(best * height * width, (best + 1) * height * width);
  return postProcessMask({ data, width, height }, size, config);
}

function noSegmenter(component: string): AppError {
  const details = { kind: 'no-segmenter', component } satisfies Fault;
  return new AppError('unsupported-model', `${component} is not a SAM's.`, details);
}

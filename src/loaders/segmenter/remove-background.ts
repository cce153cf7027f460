import * as v from 'valibot';
import type { ModelFiles } from '../../hub/repo.ts';
import type { Picture } from '../../image/picture.ts';
import { resizeImage } from '../../image/resize.ts';
import { LANCZOS, resizeAxis } from '../../numerics/resample.ts';
import { AppError, type Fault } from '../../protocol/errors.ts';
import type { Size } from '../../protocol/placement.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { notRun } from '../onnx/onnx-graph.ts';
import { BACKGROUND_GRAPH, backgroundModelType, PREPROCESSOR_FILE } from '../repository-layout.ts';
import { normalized, threeNumbers } from './normalize.ts';

// As rembg 2.0.67 runs these models (sessions/base.py, u2net.py, dis_general_use.py, birefnet_general.py): the picture is stretched to
// the model's square, which a preprocessor_config.json that says to pad it would put somewhere else than the mask is taken from.

const side = v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(4096));
/** A preprocessor_config.json, which names the square in one of these ways or not at all. */
const Preprocessor = v.object({
  size: v.optional(
    v.union([
      side,
      v.pipe(
        v.object({ width: side, height: side }),
        v.transform(({ width }) => width),
      ),
      v.pipe(
        v.object({ longest_edge: side }),
        v.transform(({ longest_edge }) => longest_edge),
      ),
    ]),
  ),
  image_mean: v.optional(threeNumbers, [0.485, 0.456, 0.406]),
  image_std: v.optional(threeNumbers, [0.229, 0.224, 0.225]),
});

/** The squares that the models were trained on. */
const SIDES = { u2net: 320, isnet: 1024, birefnet: 1024, ben: 1024 } as const;

/**
 * A picture with its background transparent. The graph is open only meanwhile.
 * @throws AppError unsupported-model for other repositories, and for a graph that onnxruntime refuses; out-of-memory, device-lost
 */
export async function removeBackground(
  files: ModelFiles,
  runtime: Runtime,
  image: Picture,
): Promise<Picture> {
  const type = backgroundModelType(await files.json('config.json'));
  const config = v.safeParse(Preprocessor, await files.json(PREPROCESSOR_FILE));
  if (!type || !config.success) throw noBackgroundRemoval(type ? PREPROCESSOR_FILE : 'config.json');
  const length = config.output.size ?? SIDES[type];
  const { image_mean: mean, image_std: std } = config.output;
  const seen = resizeImage(image, { width: length, height: length });
  const brightest = seen.rgba.reduce((most, value, i) => (i % 4 === 3 ? most : Math.max(most, value)), 1);
  const data = normalized(seen, seen, { mean, std, scale: brightest });
  const bytes = new Uint8Array(await (await files.file(BACKGROUND_GRAPH)).arrayBuffer());
  const session = await runtime.openOnnx({ bytes, externalData: [] }, { batch_size: 1 }).catch((error) => {
    throw notRun(BACKGROUND_GRAPH, error);
  });
  const [[input], [output]] = [session.inputNames, session.outputNames];
  try {
    if (!input || !output || session.inputNames.length > 1) throw noBackgroundRemoval(BACKGROUND_GRAPH);
    const shape = [1, 3, length, length];
    const outputs = await session.run({ [input]: { dtype: 'float32', shape, data } }, [output]);
    const { data: map, shape: found } = outputs[output] as NonNullable<(typeof outputs)[string]>;
    const [height, width] = found.slice(-2) as [number, number];
    return withAlpha(image, resized(spread(map as Float32Array), { width, height }, image));
  } finally {
    await session.release();
  }
}

/** What a model gives, probabilities or their logits, over the whole of 0 … 255. */
function spread(map: Float32Array): Uint8ClampedArray {
  const isLogits = map.some((value) => value < 0 || value > 1);
  const values = isLogits ? map.map((value) => 1 / (1 + Math.exp(-value))) : map;
  const least = values.reduce((a, b) => Math.min(a, b));
  const range = values.reduce((a, b) => Math.max(a, b)) - least || 1;
  return Uint8ClampedArray.from(values, (value) => Math.trunc(((value - least) / range) * 255));
}

/** Pillow's Image.resize with LANCZOS, of one channel. */
function resized(map: Uint8ClampedArray, from: Size, to: Size): Uint8ClampedArray {
  const wide = new Uint8ClampedArray(from.height * to.width);
  resizeAxis(map, { outer: from.height, length: from.width, inner: 1 }, wide, LANCZOS);
  const all = new Uint8ClampedArray(to.height * to.width);
  return resizeAxis(wide, { outer: 1, length: from.height, inner: to.width }, all, LANCZOS);
}

function withAlpha({ rgba, width, height }: Picture, alpha: Uint8ClampedArray): Picture {
  const cut = rgba.slice();
  for (const [i, value] of alpha.entries()) cut[i * 4 + 3] = value;
  return { width, height, rgba: cut };
}

function noBackgroundRemoval(component: string): AppError {
  const details = { kind: 'no-background-removal', component } satisfies Fault;
  return new AppError(
    'unsupported-model',
    `${component} is not of a model that removes backgrounds.`,
    details,
  );
}

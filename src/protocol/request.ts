import * as v from 'valibot';
import { SCHEDULERS } from '../catalog/schedulers.ts';
import { AppError } from './errors.ts';
import type { GenerationRequest } from './generation.ts';
import { LARGEST_SIDE } from './hires.ts';
import { UNTOLD_IMAGE } from './init-image.ts';

const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const part = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const pixels = v.pipe(whole(64, LARGEST_SIDE), v.multipleOf(8));
const border = whole(0, LARGEST_SIDE);

const modelId = v.pipe(v.string(), v.nonEmpty(), v.maxLength(500));

/** What a request must look like at the border, field by field. */
export const Request = v.object({
  model: modelId,
  textEncoder: v.nullable(modelId),
  unet: v.nullable(modelId),
  vae: v.nullable(modelId),
  previewVae: v.nullable(modelId),
  device: v.picklist(['auto', 'webgpu', 'wasm']),
  prompt: v.pipe(v.string(), v.maxLength(10_000)),
  negativePrompt: v.pipe(v.string(), v.maxLength(10_000)),
  embeddings: v.pipe(
    v.array(v.object({ token: v.pipe(v.string(), v.nonEmpty(), v.maxLength(200)), file: v.blob() })),
    v.maxLength(100),
  ),
  image: v.nullable(
    v.object({
      file: v.blob(),
      fit: v.picklist(['crop', 'stretch', 'fill']),
      // A request kept by an earlier version knew nothing of these.
      offset: v.optional(v.object({ x: part, y: part }), UNTOLD_IMAGE.offset),
      border: v.optional(
        v.object({ left: border, top: border, right: border, bottom: border }),
        UNTOLD_IMAGE.border,
      ),
      strength: part,
      mask: v.nullable(v.blob()),
      maskBlur: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(64)), UNTOLD_IMAGE.maskBlur),
      maskedContent: v.optional(v.picklist(['original', 'fill', 'noise']), UNTOLD_IMAGE.maskedContent),
      paddingMaskCrop: v.optional(v.nullable(whole(0, 1024)), UNTOLD_IMAGE.paddingMaskCrop),
    }),
  ),
  hires: v.nullable(
    v.object({
      scale: v.pipe(v.number(), v.minValue(1), v.maxValue(4)),
      upscaler: v.picklist(['latent', 'image']),
      strength: v.pipe(part, v.minValue(0.01)),
      steps: whole(1, 1000),
    }),
  ),
  width: pixels,
  height: pixels,
  numInferenceSteps: whole(1, 1000),
  guidanceScale: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(100)),
  guidanceRescale: part,
  guidanceStart: part,
  guidanceEnd: part,
  clipSkip: whole(0, 31),
  eta: part,
  noise: v.picklist(['cpu', 'gpu']),
  seed: whole(0, 2 ** 32 - 1),
  numImages: whole(1, 100),
  scheduler: v.picklist(Object.keys(SCHEDULERS) as (keyof typeof SCHEDULERS)[]),
  filmstrip: v.boolean(),
  memory: v.picklist(['auto', 'all', 'one-by-one']),
  bits: v.nullable(v.picklist([4, 8, 16])),
  memoryBytes: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0))),
});

/**
 * The border: from here on every number of a request is trusted.
 * @throws AppError invalid-request naming the field, what is allowed and what came
 */
export function parseRequest(request: unknown): GenerationRequest {
  const result = v.safeParse(Request, request);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const field = v.getDotPath(issue) ?? 'request';
  const expected = issue.expected ?? issue.message;
  throw new AppError('invalid-request', `${field}: expected ${expected}, received ${issue.received}.`, {
    field,
    expected,
    found: issue.received,
  });
}

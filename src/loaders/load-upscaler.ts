import * as v from 'valibot';
import type { ModelFiles } from '../hub/repo.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { OnnxSession } from '../runtime/session.ts';
import { UPSCALER_CLASS, UPSCALER_GRAPHS } from './install/choose-files.ts';

/** A network that makes pictures larger, on its device. */
export interface Upscaler {
  /** How many times as wide and as high. */
  readonly scale: number;
  /** `pixel_values` float32 [1, 3, tile, tile] in 0 … 1 → `reconstruction` [1, 3, tile · scale, tile · scale]. */
  readonly session: OnnxSession;
}

/** Pixels each way of the windows in which Swin2SR's attention works. */
export const UPSCALER_WINDOW = 8;
/** Pixels each way of the pictures that the published models were trained on, and exported with. */
export const UPSCALER_TILE = 64;

/** What matters here of the config.json of transformers' Swin2SRForImageSuperResolution. */
const Swin2SRConfig = v.object({
  architectures: v.pipe(v.array(v.string()), v.includes(UPSCALER_CLASS)),
  upscale: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8)),
});

/**
 * Opens an ONNX export of Swin2SR.
 * @throws AppError unsupported-model for other repositories; out-of-memory, device-lost
 */
export async function loadUpscaler(files: ModelFiles, runtime: Runtime): Promise<Upscaler> {
  const config = v.safeParse(Swin2SRConfig, await files.json('config.json'));
  const path = UPSCALER_GRAPHS.find((name) => files.has(name));
  if (!config.success || path === undefined) {
    const details = { kind: 'no-upscaler', component: 'config.json' } satisfies Fault;
    throw new AppError('unsupported-model', 'This is not a Swin2SR upscaler.', details);
  }
  const bytes = new Uint8Array(await (await files.file(path)).arrayBuffer());
  const sizes = { batch_size: 1, num_channels: 3, height: UPSCALER_TILE, width: UPSCALER_TILE };
  const session = await runtime.openOnnx({ bytes, externalData: [] }, sizes);
  return { scale: config.output.upscale, session };
}

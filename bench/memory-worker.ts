import './wasm-memories.ts';
import { Weights } from '../src/checkpoint/weights.ts';
import { UNet2DConditionConfig } from '../src/models/config.ts';
import { unet2DConditionModel } from '../src/models/unet.ts';
import { parseConfig } from '../src/protocol/parse-config.ts';
import { Runtime } from '../src/runtime/runtime.ts';
import { recordingWeights, type TensorShapes, writeSafetensors } from './synthetic-weights.ts';

/** What the page returns to memory.mjs. */
export interface Opened {
  readonly fileBytes: number;
  /** From the stored file to a session that is ready to run. */
  readonly seconds: number;
}

// runwayml/stable-diffusion-v1-5's unet/config.json.
const CONFIG = parseConfig('unet', UNet2DConditionConfig, {
  cross_attention_dim: 768,
  attention_head_dim: 8,
});
const TARGET = { provider: 'webgpu', dtype: 'float32' } as const;
const SHAPE = { height: 8, width: 8, sequenceLength: 77, batch: 2 } as const;

async function open(): Promise<Opened> {
  const shapes: TensorShapes = new Map();
  unet2DConditionModel(CONFIG, recordingWeights(shapes), TARGET, SHAPE);
  const file = await writeSafetensors('unet.safetensors', shapes);

  const runtime = await Runtime.open('webgpu');
  const start = performance.now();
  const weights = await Weights.open('unet.safetensors', file);
  const model = unet2DConditionModel(CONFIG, weights, TARGET, SHAPE);
  await runtime.open(model);
  return { fileBytes: file.size, seconds: (performance.now() - start) / 1000 };
}

open().then(
  (opened) => postMessage(opened),
  (error: unknown) => postMessage({ failed: String(error) }),
);

import '../src/protocol/trusted-types.ts';
import './wasm-memories.ts';
import { Weights } from '../src/checkpoint/weights.ts';
import { UNet2DConditionConfig } from '../src/models/config.ts';
import { unet2DConditionModel } from '../src/models/unet.ts';
import { parseConfig } from '../src/protocol/parse-config.ts';
import { Runtime } from '../src/runtime/runtime.ts';
import { recordingWeights, type TensorShapes, writeSafetensors, writeSparse } from './synthetic-weights.ts';

/** What the page returns to memory.mjs. */
export interface Opened {
  readonly fileBytes: number;
  /** From the stored file to a session that is ready to run. */
  readonly seconds: number;
}

/** The keys of their unet/config.json that are not the default. */
const CONFIGS = {
  'stable-diffusion-v1-5': { cross_attention_dim: 768, attention_head_dim: 8 },
  'stable-diffusion-xl-base-1.0': {
    block_out_channels: [320, 640, 1280],
    down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],
    up_block_types: ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],
    transformer_layers_per_block: [1, 2, 10],
    attention_head_dim: [5, 10, 20],
    cross_attention_dim: 2048,
    use_linear_projection: true,
    addition_embed_type: 'text_time',
    addition_time_embed_dim: 256,
    projection_class_embeddings_input_dim: 2816,
  },
};
export type SyntheticModel = keyof typeof CONFIGS;

const TARGET = { provider: 'webgpu', dtype: 'float32' } as const;
const SHAPE = { height: 8, width: 8, sequenceLength: 77, batch: 2 } as const;

/** Stable Diffusion 1.5's UNet is a float32 file of noise, SDXL's a float16 file of zeros that are nowhere on the disk. */
async function open(model: SyntheticModel): Promise<Opened> {
  const config = parseConfig('unet', UNet2DConditionConfig, CONFIGS[model]);
  const isXl = model === 'stable-diffusion-xl-base-1.0';
  const shapes: TensorShapes = new Map();
  unet2DConditionModel(config, recordingWeights(shapes), TARGET, SHAPE);
  const file = await (isXl ? writeSparse : writeSafetensors)('unet.safetensors', shapes);

  const runtime = await Runtime.open('webgpu');
  if (isXl) leaveGpuEmpty();
  const start = performance.now();
  const weights = await Weights.open('unet.safetensors', file);
  await runtime.open(unet2DConditionModel(config, weights, TARGET, SHAPE));
  return { fileBytes: file.size, seconds: (performance.now() - start) / 1000 };
}

/** 10 GB of float32 do not fit in a software GPU's memory: all but their last way, from one buffer to another, is gone. */
function leaveGpuEmpty(): void {
  GPUCommandEncoder.prototype.copyBufferToBuffer = () => undefined;
}

addEventListener('message', ({ data }: MessageEvent<SyntheticModel>) => {
  open(data).then(
    (opened) => postMessage(opened),
    (error: unknown) => postMessage({ failed: String(error) }),
  );
});

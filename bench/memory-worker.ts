import '../src/protocol/trusted-types.ts';
import './wasm-memories.ts';
import { Weights } from '../src/checkpoint/weights.ts';
import { type SyntheticModel, shapesOf, UNETS, unet } from '../src/measure/components.ts';
import { Runtime } from '../src/runtime/runtime.ts';
import { writeSafetensors, writeSparse } from './synthetic-weights.ts';

/** What the page returns to memory.mjs. */
export interface Opened {
  readonly fileBytes: number;
  /** From the stored file to a session that is ready to run. */
  readonly seconds: number;
}

/** Of a picture, in pixels. */
const SIDE = 64;

/** Stable Diffusion 1.5's UNet is a float32 file of noise, SDXL's a float16 file of zeros that are nowhere on the disk. */
async function open(model: SyntheticModel): Promise<Opened> {
  const component = unet(UNETS[model], SIDE);
  const isXl = model === 'stable-diffusion-xl-base-1.0';
  const file = await (isXl ? writeSparse : writeSafetensors)('unet.safetensors', shapesOf(component));

  const runtime = await Runtime.open('webgpu');
  const start = performance.now();
  const weights = await Weights.open('unet.safetensors', file);
  await runtime.open(component.build(weights, runtime.target));
  return { fileBytes: file.size, seconds: (performance.now() - start) / 1000 };
}

addEventListener('message', ({ data }: MessageEvent<SyntheticModel>) => {
  open(data).then(
    (opened) => postMessage(opened),
    (error: unknown) => postMessage({ failed: String(error) }),
  );
});

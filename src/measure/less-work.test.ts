import { expect, test } from 'vitest';
import { compile } from '../gpu/compile.ts';
import { chooseTile } from '../gpu/tiles.ts';
import {
  type Component,
  graphOf,
  TEXT_ENCODERS,
  textEncoder,
  UNETS,
  unet,
  VAE,
  vaeDecoder,
} from './components.ts';

// What a picture computes by our kernels, text and VAE with it: what a GPU is given to do, where none can be timed.

const TARGET = { provider: 'webgpu', dtype: 'float16', ownKernels: true } as const;

/** In GFLOP: of a step, what is not steady. */
function work(component: Component): number {
  const program = compile(graphOf(component, TARGET), {
    ...{ hasF16: true, workgroupMemory: 32_768, tileFor: chooseTile },
  });
  return program.steps.slice(program.steadySteps).reduce((sum, { kernel }) => sum + kernel.flops, 0) / 1e9;
}

const { text_encoder, text_encoder_2 } = TEXT_ENCODERS;
const clip = work(textEncoder(text_encoder));
const MODELS = [
  { name: 'stable-diffusion-v1-5', side: 512, steps: 20, text: clip },
  {
    name: 'stable-diffusion-xl-base-1.0',
    ...{ side: 1024, steps: 30 },
    text: clip + work(textEncoder(text_encoder_2, true)),
  },
] as const;

test.each(
  MODELS,
)('$name: four steps of one text, and every third step whole, are so much less work', (model) => {
  const { name, side, steps, text } = model;
  const keys = UNETS[name];
  const rest = text + work(vaeDecoder(VAE, side));
  const deepCache = (part: 'whole' | 'shallow') =>
    work(unet(keys, side, 2, { method: 'deepcache', branch: 0, part }));
  const full = rest + steps * work(unet(keys, side));
  const fast4 = rest + 4 * work(unet(keys, side, 1));
  const wholes = Math.ceil(steps / 3);
  const cached = rest + wholes * deepCache('whole') + (steps - wholes) * deepCache('shallow');
  if (process.env.MODE === 'print')
    console.log(
      `${name}: ${full.toFixed(0)} GFLOP; Fast 4 ${(fast4 / full).toFixed(3)}, DeepCache 3 ${(cached / full).toFixed(3)}`,
    );
  expect(fast4 / full).toBeLessThanOrEqual(0.2);
  expect(cached / full).toBeLessThanOrEqual(0.5);
});

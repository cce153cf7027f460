import type { Family } from '../loaders/family.ts';
import { PhiloxRandom } from '../numerics/philox.ts';
import { TorchRandom } from '../numerics/random.ts';
import type { Tensor } from '../numerics/tensor.ts';
import { decodeLatents } from './decode.ts';
import { denoisingLoop } from './denoising-loop.ts';
import type { Emit } from './events.ts';
import { resizeResults } from './hires.ts';
import { encodeInitImage, prepareLatents } from './latents.ts';
import type { PipelineRequest } from './pipeline-request.ts';
import { type Pass, planPasses } from './plan-passes.ts';
import { encodePrompts } from './prompt.ts';

/**
 * A run, for models of any family: StableDiffusionPipeline.__call__ and those of its image-to-image and inpainting variants
 * (diffusers pipelines/stable_diffusion), one picture after another. Image i is the same whether it is made alone or with
 * others.
 *
 * With `hires`, the image-to-image pipeline goes on with the results, resized, and with the same seed's noise from its
 * beginning (AUTOMATIC1111's modules/processing.py, sample_hr_pass). All pictures go through the first pass before any goes
 * through the second, so that the denoiser is opened twice, and not twice per picture.
 * @param emit awaited, so the caller may let messages in between two steps; then `signal` is looked at
 * @throws AppError wrong-numbers when the model's output stops being a picture; invalid-request when the strength leaves no
 * step to run, or the sampler does not take so many or so few; unsupported-model for a sampler setting of the model's that
 * Safelight doesn't have; what the family throws; `signal.reason` when aborted
 */
export async function stableDiffusion(
  family: Family,
  request: PipelineRequest,
  emit: Emit,
  signal: AbortSignal,
): Promise<void> {
  try {
    await run(family, request, emit, signal);
  } finally {
    family.forgetKept();
  }
}

async function run(family: Family, request: PipelineRequest, emit: Emit, signal: AbortSignal): Promise<void> {
  const { numImages, seed, hires } = request;
  const randomOf = (image: number) =>
    new (request.noise === 'cpu' ? TorchRandom : PhiloxRandom)(seed + image);

  // 1. Plan the passes: timesteps, sizes, memory
  if (family.unknownScheduler) await emit({ stage: 'substitute', asked: family.unknownScheduler });
  const [first, second] = await planPasses(family, request);
  const { memory } = second ?? first;
  family.setResidency(memory.residency);
  await emit({ stage: 'plan', plan: memory });

  // 2. Encode the prompts
  await emit({ stage: 'encode' });
  const pictures = await family.encodePictures(request.picturePrompts, async () => {
    await emit({ stage: 'encode' });
    signal.throwIfAborted();
  });
  const conditioning = await encodePrompts(family, request, { steps: first.steps, stepsBefore: 0 }, pictures);
  const after = second && { steps: second.steps, stepsBefore: first.steps };
  const secondConditioning = after && (await encodePrompts(family, request, after, pictures));
  signal.throwIfAborted();

  // 3. Encode the picture to start from
  const initImage =
    request.image && (await encodeInitImage(family.vae, request.image, first.memory.vae === 'tiled'));
  signal.throwIfAborted();

  const finish = async (image: number, latents: Tensor, pass: Pass) => {
    await emit({ stage: 'decode', image });
    signal.throwIfAborted();
    const picture = await decodeLatents(family.vae, latents, pass.memory.vae === 'tiled');
    await emit({ stage: 'image', image, seed: seed + image, picture });
  };

  // 4. Denoise, each picture from the noise of its own seed
  const denoise = await denoisingLoop(family, first, conditioning, request, emit, signal);
  const prepare = prepareLatents(family, first, initImage);
  const results: Tensor[] = [];
  for (let image = 0; image < numImages; image++) {
    const random = randomOf(image);
    const latents = await denoise(image, prepare(random), random);
    if (second) results.push(latents);
    else await finish(image, latents, first);
  }
  if (!hires || !second || !secondConditioning) return;

  // 5. Hires: the same again at a larger size, from the results
  const tiled = { decode: first.memory.vae === 'tiled', encode: second.memory.vae === 'tiled' };
  const starts = await resizeResults(family, results, hires, second, tiled, async (image) => {
    await emit({ stage: 'hires', image });
    signal.throwIfAborted();
  });
  const denoiseAgain = await denoisingLoop(family, second, secondConditioning, request, emit, signal);
  for (const [image, start] of starts.entries()) {
    const random = randomOf(image);
    const prepared = prepareLatents(family, second, start)(random);
    await finish(image, await denoiseAgain(image, prepared, random), second);
  }
}

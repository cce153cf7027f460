import { SCHEDULERS } from '../catalog/schedulers.ts';
import type { Components } from '../loaders/components.ts';
import { PhiloxRandom } from '../numerics/philox.ts';
import { TorchRandom } from '../numerics/random.ts';
import type { Tensor } from '../numerics/tensor.ts';
import { createScheduler } from '../schedulers/index.ts';
import { decodeLatents } from './decode.ts';
import type { PipelineEvent } from './events.ts';
import { enlargeAll } from './hires.ts';
import { encodeOrigin, openStart } from './latents.ts';
import { openPass, type Pass, planPasses } from './passes.ts';
import { encodePrompts } from './prompt.ts';
import type { PipelineRequest } from './request.ts';

/**
 * StableDiffusionPipeline.__call__ and those of its image-to-image and inpainting kin (diffusers
 * pipelines/stable_diffusion), one image after another: image i is the same whether it comes alone or among others.
 * With `hires` the image-to-image pipeline follows on what comes of it, enlarged, with noise of the same seed from the
 * generator's beginning (AUTOMATIC1111's modules/processing.py, sample_hr_pass); all images go through the first pass before
 * any goes through the second, so that the UNet is opened twice and not twice an image.
 * `emit` is awaited, so the caller may let messages in between two steps; then `signal` is looked at.
 * @throws AppError wrong-numbers when the latents stop being a picture; invalid-request when the strength leaves no
 * step to do; `signal.reason` when aborted
 */
export async function stableDiffusion(
  components: Components,
  request: PipelineRequest,
  emit: (event: PipelineEvent) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { numImages, seed, image: init, hires } = request;
  const { parts } = components;
  const randomOf = (image: number) =>
    new (request.noise === 'cpu' ? TorchRandom : PhiloxRandom)(seed + image);

  // 1. the sampler and its timesteps
  if (parts.unknownScheduler) await emit({ stage: 'substitute', asked: parts.unknownScheduler });
  const { className, config } = SCHEDULERS[request.scheduler];
  const scheduler = createScheduler(className, { ...parts.schedulerConfig, ...config });
  const [first, second] = await planPasses(components, request, scheduler);
  const { memory } = second ?? first;
  components.residency = memory.residency;
  await emit({ stage: 'plan', plan: memory });

  // 2. the texts
  await emit({ stage: 'encode' });
  const texts = await encodePrompts(components, request);
  const secondTexts =
    second && (await encodePrompts(components, { ...request, numInferenceSteps: second.numInferenceSteps }));
  signal.throwIfAborted();

  // 3. the picture to begin with
  const origin = init && (await encodeOrigin(components, init, first.memory.vae === 'tiled'));
  signal.throwIfAborted();

  const finish = async (image: number, latents: Tensor, pass: Pass) => {
    await emit({ stage: 'decode', image });
    signal.throwIfAborted();
    const picture = await decodeLatents(components, latents, pass.memory.vae === 'tiled');
    await emit({ stage: 'image', image, seed: seed + image, picture });
  };

  // 4. out of the noise of the image's own seed
  const develop = await openPass(components, scheduler, first, texts, request, emit, signal);
  const start = openStart(components, first, origin, scheduler, first.plan, first.begin);
  const results: Tensor[] = [];
  for (let image = 0; image < numImages; image++) {
    const random = randomOf(image);
    const latents = await develop(image, start(random), random);
    if (second) results.push(latents);
    else await finish(image, latents, first);
  }
  if (!hires || !second || !secondTexts) return;

  // 5. the same again, larger
  const tiled = { decode: first.memory.vae === 'tiled', encode: second.memory.vae === 'tiled' };
  const origins = await enlargeAll(components, results, hires, second, tiled, async (image) => {
    await emit({ stage: 'enlarge', image });
    signal.throwIfAborted();
  });
  const redevelop = await openPass(components, scheduler, second, secondTexts, request, emit, signal);
  for (const [image, enlarged] of origins.entries()) {
    const random = randomOf(image);
    const again = openStart(components, second, enlarged, scheduler, second.plan, second.begin);
    await finish(image, await redevelop(image, again(random), random), second);
  }
}

import type { Loader } from './loader.ts';
import type { ModelIndex } from './repository-layout.ts';
import { stableDiffusionLoader } from './stable-diffusion-loader.ts';

/** What opens the models of each pipeline, by diffusers' class in model_index.json. A new family is a line here. */
export const LOADERS = new Map<string, Loader>([
  ['StableDiffusionPipeline', stableDiffusionLoader],
  ['StableDiffusionImg2ImgPipeline', stableDiffusionLoader],
  ['StableDiffusionInpaintPipeline', stableDiffusionLoader],
  ['StableDiffusionXLPipeline', stableDiffusionLoader],
  ['StableDiffusionXLImg2ImgPipeline', stableDiffusionLoader],
  ['StableDiffusionXLInpaintPipeline', stableDiffusionLoader],
  ['LatentConsistencyModelPipeline', stableDiffusionLoader],
]);

/**
 * The loader of a model. Pipelines of other names are people's own variants of Stable Diffusion, or it refuses them by their
 * components.
 */
export const loaderOf = ({ pipelineClass = '' }: ModelIndex): Loader =>
  LOADERS.get(pipelineClass) ?? stableDiffusionLoader;

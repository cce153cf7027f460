import type { Model } from '../loaders/loader.ts';

/**
 * A model as a picture uses it that follows the pen: the VAE's encoder stays open beside the decoder, since both run for each
 * picture, and the plan counts both; no preview VAE runs.
 */
export const liveModel = (model: Model): Model => ({
  ...model,
  previewVae: null,
  setResidency: (residency) => model.setResidency(residency, true),
  memoryNeeds: async (...asked) => {
    const needs = await model.memoryNeeds(...asked);
    const { whole, tile } = needs.vae;
    return { ...needs, vae: { ...needs.vae, whole: 2 * whole, tile: 2 * tile } };
  },
});

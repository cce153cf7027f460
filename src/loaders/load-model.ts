import type { Lora } from '../checkpoint/lora/read-lora.ts';
import type { QuantizedBits } from '../protocol/generation.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Family } from './family.ts';
import { readModelConfigs } from './model-configs.ts';
import type { ModelSource, TinyVae } from './model-source.ts';
import { type OnLoad, SessionCache } from './session-cache.ts';
import { stableDiffusionEncoders, stableDiffusionFamily } from './stable-diffusion-family.ts';
import { type LoraFile, WeightSource } from './weight-source.ts';

/** A model on its device: its family, for the pipeline, and what whoever loaded it can change. */
export interface Model extends Family {
  /**
   * Uses these LoRAs from now on; what they change is closed.
   * @returns what they bring along, and what a person should know of them
   * @throws AppError unsupported-lora, corrupt-file; then nothing has changed
   */
  setLoras(files: readonly LoraFile[]): Promise<Pick<Lora, 'embeddings' | 'notes'>>;
  /**
   * Uses the quantised copy with this many bits from now on, or the original weights; what that changes is closed.
   * @throws AppError not-installed when there is no such copy
   */
  setBits(bits: QuantizedBits | null): Promise<void>;
  /** Closes every session. */
  release(): Promise<void>;
}

/**
 * Reads a model's configurations and vocabularies. Its weights are read when they are first needed.
 * @param previewVae shows the latents while they are being denoised
 * @throws AppError unsupported-model, download-failed, corrupt-file
 */
export async function loadModel(
  source: ModelSource,
  runtime: Runtime,
  onLoad: OnLoad,
  previewVae: TinyVae | null = null,
): Promise<Model> {
  const configs = await readModelConfigs(source.files, () => onLoad({ kind: 'tokenizer', number: 1 }, null));
  const changeable = ['unet', ...configs.textEncoders.map(({ name }) => name)];
  const weights = new WeightSource(source, runtime, changeable);
  const sessions = new SessionCache(runtime, onLoad);
  const resources = { source, runtime, weights, sessions };
  const encoders = stableDiffusionEncoders(configs, resources);
  const closeChangeable = async () => {
    await sessions.release(changeable);
    encoders.forget();
  };
  return {
    ...stableDiffusionFamily(configs, resources, encoders, previewVae),
    setLoras: async (files) => {
      if (await weights.setLoras(files)) await closeChangeable();
      return {
        embeddings: weights.loras.flatMap(({ embeddings }) => embeddings),
        notes: weights.loras.flatMap(({ notes }) => notes),
      };
    },
    setBits: async (bits) => {
      if (weights.setBits(bits)) await closeChangeable();
    },
    release: () => sessions.release(),
  };
}

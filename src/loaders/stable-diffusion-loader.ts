import { AppError, type Fault, missingComponent } from '../protocol/errors.ts';
import { countClipTokens } from './chunk-lengths.ts';
import type { Loader } from './loader.ts';
import { readModelConfigs } from './model-configs.ts';
import { modelFacts } from './model-facts.ts';
import { INDEX_FILE, type ModelIndex, textEncodersIn } from './repository-layout.ts';
import { SessionCache } from './session-cache.ts';
import { stableDiffusionEncoders, stableDiffusionFamily } from './stable-diffusion-family.ts';
import { WeightSource } from './weight-source.ts';

/** The components of every Stable Diffusion; SDXL has a second text encoder, and its Refiner that alone. */
export const STABLE_DIFFUSION_COMPONENTS = ['text_encoder', 'unet', 'vae'] as const;

/** Those whose weights LoRAs and quantised copies change, the denoiser first. */
const changeable = (textEncoders: readonly string[]) => ['unet', ...textEncoders];

/** Stable Diffusion 1, 2 and XL. */
export const stableDiffusionLoader: Loader = {
  components: (index) => {
    const missing = STABLE_DIFFUSION_COMPONENTS.find((name) =>
      name === 'text_encoder' ? textEncodersIn(index).length === 0 : !(name in index.classes),
    );
    if (missing !== undefined) throw otherPipeline(index, missing);
    return [...textEncodersIn(index), 'unet', 'vae'];
  },
  quantizable: (index) => changeable(textEncodersIn(index)),
  check: async (files) => {
    await readModelConfigs(files, () => {});
    await modelFacts('', files);
  },
  facts: modelFacts,
  countTokens: countClipTokens,
  load: async (source, runtime, onLoad, previewVae) => {
    const onTokenizer = () => onLoad({ kind: 'tokenizer', number: 1 }, null);
    const configs = await readModelConfigs(source.files, onTokenizer);
    const changed = changeable(configs.textEncoders.map(({ name }) => name));
    const weights = new WeightSource(source, runtime, changed);
    const sessions = new SessionCache(runtime, onLoad);
    const resources = { source, runtime, weights, sessions };
    const encoders = stableDiffusionEncoders(configs, resources);
    const closeChanged = async () => {
      await sessions.release(changed);
      encoders.forget();
    };
    return {
      ...stableDiffusionFamily(configs, resources, encoders, previewVae),
      setLoras: async (files) => {
        if (await weights.setLoras(files)) await closeChanged();
        return {
          embeddings: weights.loras.flatMap(({ embeddings }) => embeddings),
          notes: weights.loras.flatMap(({ notes }) => notes),
        };
      },
      setBits: async (bits) => {
        if (weights.setBits(bits)) await closeChanged();
      },
      release: () => sessions.release(),
    };
  },
};

function otherPipeline({ pipelineClass: found }: ModelIndex, missing: string): AppError {
  if (found === undefined) return missingComponent(INDEX_FILE, missing);
  const details = { kind: 'not-stable-diffusion', component: INDEX_FILE, found } satisfies Fault;
  const message = `${INDEX_FILE}: expected a UNet, a VAE and a text encoder, found ${found}.`;
  return new AppError('unsupported-model', message, details);
}

import type { Lora } from '../checkpoint/lora/read-lora.ts';
import type { ModelFiles } from '../hub/repo.ts';
import type { TokenCounts } from '../protocol/calls.ts';
import type { EmbeddingFile, QuantizedBits } from '../protocol/generation.ts';
import type { LatentSpace, ModelFacts } from '../protocol/models.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Family } from './family.ts';
import type { ModelSource, TinyVae } from './model-source.ts';
import type { ModelIndex } from './repository-layout.ts';
import type { OnLoad } from './session-cache.ts';
import type { LoraFile } from './weight-source.ts';

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

/** What the form needs to know of a model before it is loaded. */
export type FormFacts = Pick<ModelFacts, 'kind' | 'defaults' | 'base'> & {
  readonly latentSpace: LatentSpace;
};

/** How the models of one kind of pipeline are installed and opened; pipelines.ts lists them all. */
export interface Loader {
  /**
   * The components whose weights are run, text encoders first.
   * @throws AppError unsupported-model when the index lacks one that every such model has
   */
  components(index: ModelIndex): readonly string[];
  /** Those that quantised copies change, the denoiser first. */
  quantizable(index: ModelIndex): readonly string[];
  /**
   * Reads the small files: configurations, vocabularies, the sampler's. No weights are read.
   * @throws AppError unsupported-model, naming the file and the key; download-failed, corrupt-file
   */
  check(files: ModelFiles): Promise<void>;
  /**
   * Whether the model can run is not checked here.
   * @param id the model's
   * @throws AppError download-failed, corrupt-file; unsupported-model for a value of another type
   */
  facts(id: string, files: ModelFiles): Promise<FormFacts>;
  /**
   * Counts the tokens in each chunk of the prompt and the negative prompt. No weights are read.
   * @throws AppError unsupported-model, unsupported-embedding, download-failed, corrupt-file
   */
  countTokens(
    source: ModelSource,
    texts: readonly string[],
    embeddings: readonly EmbeddingFile[],
  ): Promise<TokenCounts>;
  /**
   * Reads a model's configurations and vocabularies. Its weights are read when they are first needed.
   * @param previewVae shows the latents while they are being denoised
   * @throws AppError unsupported-model, download-failed, corrupt-file
   */
  load(source: ModelSource, runtime: Runtime, onLoad: OnLoad, previewVae: TinyVae | null): Promise<Model>;
}

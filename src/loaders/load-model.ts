import { takeLoraTags } from '../prompt/lora-tags.ts';
import type { TokenCounts } from '../protocol/calls.ts';
import type { EmbeddingFile } from '../protocol/generation.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Loader, Model } from './loader.ts';
import type { ModelSource, TinyVae } from './model-source.ts';
import { loaderOf } from './pipelines.ts';
import { INDEX_FILE, readModelIndex } from './repository-layout.ts';
import type { OnLoad } from './session-cache.ts';

/**
 * Loads a model as the loader of its pipeline does (`Loader.load`).
 * @throws AppError unsupported-model, download-failed, corrupt-file
 */
export async function loadModel(
  source: ModelSource,
  runtime: Runtime,
  onLoad: OnLoad,
  previewVae: TinyVae | null = null,
): Promise<Model> {
  return (await loaderFor(source)).load(source, runtime, onLoad, previewVae);
}

/**
 * Counts a model's tokens as the loader of its pipeline does (`Loader.countTokens`): of the prompt, which is the first text,
 * without its tags.
 * @throws AppError unsupported-model, unsupported-embedding, download-failed, corrupt-file
 */
export async function countTokens(
  source: ModelSource,
  texts: readonly string[],
  embeddings: readonly EmbeddingFile[],
): Promise<TokenCounts> {
  const untagged = texts.map((text, i) => (i === 0 ? takeLoraTags(text).text : text));
  return (await loaderFor(source)).countTokens(source, untagged, embeddings);
}

const loaderFor = async ({ files }: ModelSource): Promise<Loader> =>
  loaderOf(readModelIndex(await files.json(INDEX_FILE)));

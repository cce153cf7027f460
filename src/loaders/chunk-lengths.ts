import { promptChunks } from '../prompt/chunks.ts';
import { promptSchedule } from '../prompt/schedule.ts';
import type { TokenCounts } from '../protocol/calls.ts';
import type { EmbeddingFile } from '../protocol/generation.ts';
import type { ModelSource } from './model-source.ts';
import { readTextEncoder } from './open-tokenizer.ts';
import { INDEX_FILE, readModelIndex, textEncodersIn } from './repository-layout.ts';
import { readEmbeddings } from './text-encoders.ts';

/** The steps for which a text that changes during a run is counted. */
const PASS = { steps: 20, stepsBefore: 0 };

/**
 * Counts the tokens in each chunk of texts, as the model's first text encoder sees them. Of a text that changes during a
 * run, the longest version counts. Only the vocabulary and the text encoder's config are read.
 * @throws AppError unsupported-model, unsupported-embedding, download-failed, corrupt-file
 */
export async function countClipTokens(
  { files }: ModelSource,
  texts: readonly string[],
  embeddingFiles: readonly EmbeddingFile[],
): Promise<TokenCounts> {
  const [first = 'text_encoder'] = textEncodersIn(readModelIndex(await files.json(INDEX_FILE)));
  const { tokenizer, config } = await readTextEncoder(files, first);
  const embeddings = await readEmbeddings(embeddingFiles);
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const count = (text: string) =>
    promptSchedule(text, PASS)
      .map((version) => promptChunks(tokenizer, version.text, embeddings).map(({ length }) => length))
      .reduce((longest, counts) => (total(counts) > total(longest) ? counts : longest));
  return {
    room: tokenizer.maxLength - 2,
    texts: texts.map(count),
    unnamed: Math.max(0, config.vocab_size - tokenizer.size),
  };
}

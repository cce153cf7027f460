import type { ClipTokenizer } from '../tokenizer/clip.ts';
import type { Components } from './components.ts';

/** Text encoder states [1, T, D] of the prompt and of what is to be avoided. */
export interface PromptEmbeds {
  readonly prompt: Float32Array;
  readonly negative: Float32Array;
}

/**
 * Ids as CLIPTokenizer(padding="max_length", truncation=True) gives them: begin, the text cut to what fits, end,
 * padding up to the model's length.
 */
export function promptIds(tokenizer: ClipTokenizer, text: string): Int32Array {
  const { maxLength, beginId, endId, padId } = tokenizer;
  const ids = new Int32Array(maxLength).fill(padId);
  const words = tokenizer.encode(text).slice(0, maxLength - 2);
  ids.set([beginId, ...words, endId]);
  return ids;
}

/** Runs the text encoder for both texts, or takes what it said before. */
export async function encodePrompt(
  components: Components,
  prompt: string,
  negative: string,
): Promise<PromptEmbeds> {
  return { prompt: await components.textStates(prompt), negative: await components.textStates(negative) };
}

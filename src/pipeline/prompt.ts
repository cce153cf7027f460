import type { ClipTokenizer } from '../tokenizer/clip.ts';
import type { Components } from './components.ts';

/** What the UNet gets of one text: states [T, D] of all encoders side by side, and SDXL's pooled vector [P]. */
export interface PromptEmbeds {
  readonly states: Float32Array;
  readonly pooled?: Float32Array;
}

/** The prompt, and what is to be avoided. */
export interface Conditioning {
  readonly prompt: PromptEmbeds;
  readonly negative: PromptEmbeds;
}

export interface PromptRequest {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly clipSkip: number;
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

/** Both texts through every text encoder: StableDiffusionPipeline's and StableDiffusionXLPipeline's encode_prompt. */
export async function encodePrompt(
  components: Components,
  { prompt, negativePrompt, clipSkip }: PromptRequest,
): Promise<Conditioning> {
  const encode = (text: string) => encodeText(components, text, clipSkip);
  const positive = await encode(prompt);
  const isZero = components.parts.zerosForEmptyPrompt && negativePrompt === '';
  return { prompt: positive, negative: isZero ? zerosLike(positive) : await encode(negativePrompt) };
}

async function encodeText(components: Components, text: string, clipSkip: number): Promise<PromptEmbeds> {
  let states: Float32Array | undefined;
  let pooled: Float32Array | undefined;
  for (const encoder of components.parts.textEncoders) {
    const ids = promptIds(encoder.tokenizer, text);
    const chunk = await components.encodeText(encoder, ids, clipSkip);
    states = states ? sideBySide(states, chunk.states, ids.length) : chunk.states;
    pooled = chunk.pooled;
  }
  return { states: states as Float32Array, ...(pooled && { pooled }) };
}

/** [T, A] and [T, B] → [T, A + B]. */
function sideBySide(a: Float32Array, b: Float32Array, rows: number): Float32Array {
  const [left, right] = [a.length / rows, b.length / rows];
  const joined = new Float32Array(a.length + b.length);
  for (let row = 0; row < rows; row++) {
    joined.set(a.subarray(row * left, (row + 1) * left), row * (left + right));
    joined.set(b.subarray(row * right, (row + 1) * right), row * (left + right) + left);
  }
  return joined;
}

const zerosLike = ({ states, pooled }: PromptEmbeds): PromptEmbeds => ({
  states: new Float32Array(states.length),
  ...(pooled && { pooled: new Float32Array(pooled.length) }),
});

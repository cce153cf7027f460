import { readTextualInversion, type TextualInversion } from '../checkpoint/textual-inversion.ts';
import type { Components } from '../loaders/components.ts';
import { concatenate } from '../numerics/concatenate.ts';
import { emptyChunk, promptChunks } from '../prompt/chunks.ts';
import { promptSchedule } from '../prompt/schedule.ts';
import { weigh } from '../prompt/weigh.ts';
import type { EmbeddingFile, GenerationRequest } from '../protocol/generation.ts';
import type { ClipTokenizer } from '../tokenizer/clip.ts';
import type { Conditioning, PromptEmbeds } from './conditioning.ts';
import { isGuidanceFree } from './guidance.ts';

export type PromptRequest = Pick<
  GenerationRequest,
  'prompt' | 'negativePrompt' | 'embeddings' | 'clipSkip' | 'numInferenceSteps' | 'guidanceScale'
>;

/**
 * Both texts through every text encoder, as they are at each step: StableDiffusionPipeline's and
 * StableDiffusionXLPipeline's encode_prompt, with the syntax of ../prompt. Every text has as many chunks as the longest;
 * SDXL's pooled vector is the first chunk's.
 * @returns the conditioning at a step, from 1
 * @throws AppError unsupported-embedding
 */
export async function encodePrompts(
  components: Components,
  request: PromptRequest,
): Promise<(step: number) => Conditioning> {
  const { numInferenceSteps: steps, negativePrompt } = request;
  const embeddings = await readEmbeddings(request.embeddings);
  const isZero = components.parts.zerosForEmptyPrompt && negativePrompt === '';
  const isRead = !isZero && !isGuidanceFree(components, request);
  const prompts = promptSchedule(request.prompt, steps);
  const negatives = isRead ? promptSchedule(negativePrompt, steps) : [];
  const texts = [...new Set([...prompts, ...negatives].map(({ text }) => text))];
  const length = Math.max(
    ...components.parts.textEncoders.flatMap(({ tokenizer }) =>
      texts.map((text) => promptChunks(tokenizer, text, embeddings).length),
    ),
  );
  const encoded = new Map<string, PromptEmbeds>();
  for (const text of texts)
    encoded.set(text, await encodeText(components, text, length, embeddings, request.clipSkip));

  const at = (schedule: typeof prompts, step: number) =>
    encoded.get(schedule.find(({ untilStep }) => step <= untilStep)?.text ?? '');
  return (step) => {
    const prompt = at(prompts, step) as PromptEmbeds;
    return { prompt, negative: at(negatives, step) ?? zerosLike(prompt) };
  };
}

/** @throws AppError unsupported-embedding, corrupt-file */
export function readEmbeddings(files: readonly EmbeddingFile[]): Promise<TextualInversion[]> {
  return Promise.all(files.map(({ token, file }) => readTextualInversion(token, file)));
}

/** Of how many steps a text is counted that changes along the way. */
const COUNTED_STEPS = 20;

/** The tokens in each chunk of a text; of the longest it becomes, where it changes along the way. */
export function countTokens(
  tokenizer: ClipTokenizer,
  text: string,
  embeddings: readonly TextualInversion[],
): number[] {
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  return promptSchedule(text, COUNTED_STEPS)
    .map((scheduled) => promptChunks(tokenizer, scheduled.text, embeddings).map(({ length }) => length))
    .reduce((a, b) => (total(b) > total(a) ? b : a));
}

/** One text of `length` chunks, through every text encoder. */
async function encodeText(
  components: Components,
  text: string,
  length: number,
  embeddings: readonly TextualInversion[],
  clipSkip: number,
): Promise<PromptEmbeds> {
  let states: Float32Array | undefined;
  let pooled: Float32Array | undefined;
  for (const encoder of components.parts.textEncoders) {
    const chunks = promptChunks(encoder.tokenizer, text, embeddings);
    while (chunks.length < length) chunks.push(emptyChunk(encoder.tokenizer));
    const outputs: Float32Array[] = [];
    for (const [i, chunk] of chunks.entries()) {
      const encoded = await components.encodeText(encoder, chunk, clipSkip);
      outputs.push(weigh(encoded.states, chunk.weights));
      if (i === 0) pooled = encoded.pooled;
    }
    const own = concatenate(outputs);
    states = states ? sideBySide(states, own, length * encoder.tokenizer.maxLength) : own;
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

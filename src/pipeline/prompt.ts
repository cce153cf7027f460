import type { Family, PromptEmbeds } from '../loaders/family.ts';
import { type PassSteps, promptSchedule } from '../prompt/schedule.ts';
import type { GenerationRequest } from '../protocol/generation.ts';
import { type Conditioning, usesNegativePrompt } from './guidance.ts';

/** What of a request concerns its texts. */
export type PromptRequest = Pick<
  GenerationRequest,
  'prompt' | 'negativePrompt' | 'embeddings' | 'clipSkip' | 'emphasis' | 'guidanceScale'
>;

/**
 * Encodes both texts of a request, in every version they have during a pass (prompt editing, ../prompt/schedule.ts).
 * @returns the conditioning at a step of the pass, counted from 1
 * @throws AppError unsupported-embedding, corrupt-file, invalid-request; out-of-memory, device-lost
 */
export async function encodePrompts(
  family: Family,
  request: PromptRequest,
  pass: PassSteps,
): Promise<(step: number) => Conditioning> {
  const { negativePrompt, guidanceScale } = request;
  const isZero = family.zerosForEmptyPrompt && negativePrompt === '';
  const isNegativeUsed = usesNegativePrompt(family, guidanceScale) && !isZero;
  const prompts = promptSchedule(request.prompt, pass);
  const negatives = isNegativeUsed ? promptSchedule(negativePrompt, pass) : [];
  const texts = [...new Set([...prompts, ...negatives].map(({ text }) => text))];
  const encoded = await family.encodeTexts(texts, request);

  const [anyText] = encoded.values();
  const zeros = asNegative(zerosLike(anyText as PromptEmbeds));
  const encodedNegatives = new Map([...encoded].map(([text, embeds]) => [text, asNegative(embeds)]));
  const at = (texts: typeof encoded, schedule: typeof prompts, step: number) =>
    texts.get(schedule.find(({ untilStep }) => step <= untilStep)?.text ?? '');
  return (step) => {
    const prompt = at(encoded, prompts, step) as PromptEmbeds;
    return { prompt, negative: at(encodedNegatives, negatives, step) ?? zeros };
  };
}

const asNegative = (embeds: PromptEmbeds): PromptEmbeds => ({ ...embeds, isNegative: true });

const zerosLike = ({ sequenceLength, inputs }: PromptEmbeds): PromptEmbeds => ({
  sequenceLength,
  inputs: Object.fromEntries(
    Object.entries(inputs).map(([name, { length }]) => [name, new Float32Array(length)]),
  ),
});

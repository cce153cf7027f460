import type { Family, PromptEmbeds, PromptPictures } from '../loaders/family.ts';
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
 * @param pictures what is shown beside all of the texts
 * @returns the conditioning at a step of the pass, counted from 1
 * @throws AppError unsupported-embedding, corrupt-file, invalid-request; out-of-memory, device-lost
 */
export async function encodePrompts(
  family: Family,
  request: PromptRequest,
  pass: PassSteps,
  pictures: PromptPictures = { prompt: {}, negative: {} },
): Promise<(step: number) => Conditioning> {
  const { negativePrompt, guidanceScale } = request;
  const isZero = family.zerosForEmptyPrompt && negativePrompt === '';
  const isNegativeUsed = usesNegativePrompt(family, guidanceScale) && !isZero;
  const prompts = promptSchedule(request.prompt, pass);
  const negatives = isNegativeUsed ? promptSchedule(negativePrompt, pass) : [];
  const texts = [...new Set([...prompts, ...negatives].map(({ text }) => text))];
  const encoded = await family.encodeTexts(texts, request);

  const [anyText] = encoded.values();
  const asPrompt = (embeds: PromptEmbeds) => withInputs(embeds, pictures.prompt);
  const asNegative = (embeds: PromptEmbeds) => ({
    ...withInputs(embeds, pictures.negative),
    isNegative: true,
  });
  const zeros = asNegative(zerosLike(anyText as PromptEmbeds));
  const encodedPrompts = new Map([...encoded].map(([text, embeds]) => [text, asPrompt(embeds)]));
  const encodedNegatives = new Map([...encoded].map(([text, embeds]) => [text, asNegative(embeds)]));
  const at = (texts: typeof encoded, schedule: typeof prompts, step: number) =>
    texts.get(schedule.find(({ untilStep }) => step <= untilStep)?.text ?? '');
  return (step) => {
    const prompt = at(encodedPrompts, prompts, step) as PromptEmbeds;
    return { prompt, negative: at(encodedNegatives, negatives, step) ?? zeros };
  };
}

const withInputs = (embeds: PromptEmbeds, more: PromptEmbeds['inputs']): PromptEmbeds => ({
  ...embeds,
  inputs: { ...embeds.inputs, ...more },
});

const zerosLike = ({ sequenceLength, inputs }: PromptEmbeds): PromptEmbeds => ({
  sequenceLength,
  inputs: Object.fromEntries(
    Object.entries(inputs).map(([name, { length }]) => [name, new Float32Array(length)]),
  ),
});

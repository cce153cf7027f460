import type { Feeds } from '../graph/graph.ts';
import type { UNet2DConditionConfig } from '../models/config.ts';
import { concatenate } from '../numerics/concatenate.ts';
import type { Size } from '../protocol/placement.ts';
import type { PromptEmbeds } from './family.ts';

/**
 * What a UNet and a ControlNet are fed of the texts and of the picture's size; a network takes only those of the inputs that its
 * configuration asks for. The same arrays as long as the texts are the same: a session computes anew what depends on other ones.
 * @param size the picture's, in pixels
 * @param others what is the same in the whole run
 */
export function steadyFeeds(
  config: Pick<UNet2DConditionConfig, 'requires_aesthetics_score'>,
  size: Size,
  others: Feeds,
): (texts: readonly PromptEmbeds[]) => Feeds {
  let fed: { readonly texts: readonly PromptEmbeds[]; readonly feeds: Feeds } | undefined;
  return (texts) => {
    if (!fed || texts.length !== fed.texts.length || texts.some((text, i) => text !== fed?.texts[i])) {
      const ids = { time_ids: Float32Array.from(texts.flatMap((text) => timeIds(config, size, text))) };
      fed = { texts, feeds: { ...stackedInputs(texts), ...ids, ...others } };
    }
    return fed.feeds;
  };
}

/** The texts' inputs, one row per text. */
function stackedInputs(texts: readonly PromptEmbeds[]): Feeds {
  const names = Object.keys(texts[0]?.inputs ?? {});
  return Object.fromEntries(
    names.map((name) => [name, concatenate(texts.map(({ inputs }) => inputs[name] as Float32Array))]),
  );
}

/** What SDXL Refiner is told of the picture, as StableDiffusionXLImg2ImgPipeline has it by default. */
const AESTHETIC_SCORE = { wanted: 6, negative: 2.5 };

/** SDXL: the original size, the crop's corner, and the target size or an aesthetic score; sizes as height and width. */
function timeIds(
  config: Pick<UNet2DConditionConfig, 'requires_aesthetics_score'>,
  { width, height }: Size,
  { isNegative }: PromptEmbeds,
): number[] {
  const { wanted, negative } = AESTHETIC_SCORE;
  const end = config.requires_aesthetics_score ? [isNegative ? negative : wanted] : [height, width];
  return [height, width, 0, 0, ...end];
}

import type { Feeds } from '../graph/graph.ts';
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
  { width, height }: Size,
  others: Feeds,
): (texts: readonly PromptEmbeds[]) => Feeds {
  // SDXL: the original size, the crop's corner and the target size, each as height and width.
  const timeIds = [height, width, 0, 0, height, width];
  let fed: { readonly texts: readonly PromptEmbeds[]; readonly feeds: Feeds } | undefined;
  return (texts) => {
    if (!fed || texts.length !== fed.texts.length || texts.some((text, i) => text !== fed?.texts[i])) {
      const sizes = { time_ids: Float32Array.from(texts.flatMap(() => timeIds)) };
      fed = { texts, feeds: { ...stackedInputs(texts), ...sizes, ...others } };
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

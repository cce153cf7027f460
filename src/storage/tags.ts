/** Characters of a tag, and tags of one picture, at most. */
export const MOST_IN_TAG = 50;
const MOST_TAGS = 50;

/** What makes two tags the same: “Cat” and “cat” are one. */
export const tagKey = (tag: string): string => tag.toLowerCase();

/**
 * The tags in a row of storage or of a zip, as far as they are any: what is no text is left out, a long one is cut, one that is
 * there twice is kept once, and so many are kept. None where it is no list.
 */
export function acceptTags(stored: unknown): readonly string[] {
  if (!Array.isArray(stored)) return [];
  const tags = new Map<string, string>();
  for (const value of stored) {
    if (tags.size === MOST_TAGS) break;
    if (typeof value !== 'string') continue;
    const tag = tidy(value);
    if (tag !== '' && !tags.has(tagKey(tag))) tags.set(tagKey(tag), tag);
  }
  return [...tags.values()];
}

/** The tags in what a person has typed, with commas between them. */
export const readTags = (typed: string): readonly string[] => acceptTags(typed.split(','));

// A character is not cut in two, and a long text is not looked through.
const tidy = (text: string) =>
  [
    ...text
      .slice(0, 4 * MOST_IN_TAG)
      .normalize()
      .replace(/\s+/g, ' ')
      .trim(),
  ]
    .slice(0, MOST_IN_TAG)
    .join('')
    .trim();

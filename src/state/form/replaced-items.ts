interface Item {
  readonly id: string;
}

/** Items of a list that a takeover has removed, with their places, and those that it has added. What it has left alone stays as it is. */
export interface ReplacedItems<T extends Item> {
  readonly gone: readonly { readonly at: number; readonly item: T }[];
  readonly came: readonly string[];
}

/** What of a list was replaced; null where nothing was. */
export function replacedItems<T extends Item>(
  before: readonly T[],
  after: readonly T[],
): ReplacedItems<T> | null {
  const had = (items: readonly T[], { id }: T) => items.some((item) => item.id === id);
  const gone = before.flatMap((item, at) => (had(after, item) ? [] : { at, item }));
  const came = after.filter((item) => !had(before, item)).map(({ id }) => id);
  return gone.length + came.length > 0 ? { gone, came } : null;
}

/** The list as it is with a replacement taken back. */
export function withItems<T extends Item>(
  items: readonly T[],
  { gone, came }: ReplacedItems<T>,
): readonly T[] {
  const put = items.filter(({ id }) => !came.includes(id));
  for (const { at, item } of gone) put.splice(at, 0, item);
  return put;
}

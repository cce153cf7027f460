/**
 * What is selected once a picture was pressed: the picture too, or no longer; with an anchor, all from there to the picture.
 * @param ids every picture that is shown, in order
 * @param anchor the picture pressed before, where all in between is meant; null for this one alone
 */
export function selectRange(
  ids: readonly string[],
  selected: ReadonlySet<string>,
  pressed: string,
  anchor: string | null,
): ReadonlySet<string> {
  const at = ids.indexOf(pressed);
  // A filter may have taken the anchor away.
  const from = anchor !== null && ids.includes(anchor) ? ids.indexOf(anchor) : at;
  const next = new Set(selected);
  const isOn = !selected.has(pressed);
  for (const id of ids.slice(Math.min(from, at), Math.max(from, at) + 1))
    isOn ? next.add(id) : next.delete(id);
  return next;
}

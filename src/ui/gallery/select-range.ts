/**
 * What is selected once something was pressed: its pictures too, or no longer; with an anchor, all from there to it.
 * @param stacks the ids of the pictures of everything that is shown, in order: a picture alone, or those of a stack
 * @param pressed the first id of what was pressed
 * @param anchor the first id of what was pressed before, where all in between is meant; null for this one alone
 */
export function selectRange(
  stacks: readonly (readonly string[])[],
  selected: ReadonlySet<string>,
  pressed: string,
  anchor: string | null,
): ReadonlySet<string> {
  const placeOf = (id: string | null) => stacks.findIndex(([first]) => first === id);
  const at = placeOf(pressed);
  // A filter may have taken the anchor away.
  const from = anchor !== null && placeOf(anchor) >= 0 ? placeOf(anchor) : at;
  const next = new Set(selected);
  const isOn = !stacks[at]?.every((id) => selected.has(id));
  for (const id of stacks.slice(Math.min(from, at), Math.max(from, at) + 1).flat())
    isOn ? next.add(id) : next.delete(id);
  return next;
}

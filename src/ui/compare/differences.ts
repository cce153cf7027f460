/** A setting in words. */
interface Fact {
  readonly name: string;
  readonly label: string;
  readonly value: string;
}

/** A setting that two pictures do not have in common; null where one of them does not say it. */
interface Difference {
  readonly label: string;
  readonly left: string | null;
  readonly right: string | null;
}

/** The settings in which two pictures differ, in the order of the left one, then what only the right one says. */
export function differences(left: readonly Fact[], right: readonly Fact[]): Difference[] {
  const all = new Map([...right, ...left].map(({ name, label }) => [name, label]));
  const order = new Set([...left, ...right].map(({ name }) => name));
  const valueIn = (facts: readonly Fact[], name: string) =>
    facts.find((fact) => fact.name === name)?.value ?? null;
  return [...order]
    .map((name) => ({ label: all.get(name) ?? name, left: valueIn(left, name), right: valueIn(right, name) }))
    .filter((pair) => pair.left !== pair.right);
}

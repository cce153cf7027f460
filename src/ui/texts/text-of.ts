/** A text for each kind of a fact: a function of the fact, and of what else the text names. */
export type TextsFor<Fact extends { readonly kind: string }, More extends readonly unknown[] = []> = {
  readonly [K in Fact['kind']]: (fact: Fact & { readonly kind: K }, ...more: More) => string;
};

/** The text for a fact. */
export function textOf<Fact extends { readonly kind: string }, More extends readonly unknown[]>(
  texts: TextsFor<Fact, More>,
  fact: Fact,
  ...more: More
): string {
  // TypeScript does not see that the text found by a fact's kind is the text for that kind.
  const text = texts[fact.kind as Fact['kind']] as (fact: Fact, ...more: More) => string;
  return text(fact, ...more);
}

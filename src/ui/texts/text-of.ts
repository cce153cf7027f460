/** The words for each kind of a fact, given the fact and what else they name. */
export type TextsFor<Fact extends { readonly kind: string }, More extends readonly unknown[] = []> = {
  readonly [K in Fact['kind']]: (fact: Fact & { readonly kind: K }, ...more: More) => string;
};

/** A fact in the words there are for its kind. */
export function textOf<Fact extends { readonly kind: string }, More extends readonly unknown[]>(
  texts: TextsFor<Fact, More>,
  fact: Fact,
  ...more: More
): string {
  // TypeScript does not see that the text found by a fact's kind is that kind's.
  const text = texts[fact.kind as Fact['kind']] as (fact: Fact, ...more: More) => string;
  return text(fact, ...more);
}

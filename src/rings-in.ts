/** Each import that closes a ring, with the way around. */
export function ringsIn(table: Readonly<Record<string, readonly string[]>>): string[] {
  const rings: string[] = [];
  const done = new Set<string>();
  const walk = (place: string, way: readonly string[]) => {
    if (way.includes(place)) rings.push([...way.slice(way.indexOf(place)), place].join(' → '));
    if (done.has(place) || way.includes(place)) return;
    for (const next of table[place] ?? []) walk(next, [...way, place]);
    done.add(place);
  };
  for (const place of Object.keys(table)) walk(place, []);
  return rings;
}

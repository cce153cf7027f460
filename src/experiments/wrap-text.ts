/**
 * A text in lines no wider than `width`, broken between words, and inside one that is wider than a line; what does not
 * fit into `maxLines` ends in an ellipsis.
 * @param measure the width of a text, in the unit of `width`
 */
export function wrapText(
  text: string,
  width: number,
  maxLines: number,
  measure: (text: string) => number,
): string[] {
  const fits = (line: string) => measure(line) <= width;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    let rest = word;
    while (!fits(rest)) {
      const head = headThat(fits, rest);
      lines.push(head);
      rest = rest.slice(head.length);
    }
    line = rest;
  }
  if (line !== '') lines.push(line);
  if (lines.length <= maxLines) return lines;
  const last = lines[maxLines - 1] as string;
  return [...lines.slice(0, maxLines - 1), `${headThat((head) => fits(`${head}…`), last)}…`];
}

/** The longest beginning that fits, of one character at least. */
function headThat(fits: (text: string) => boolean, text: string): string {
  const characters = [...text];
  let count = characters.length;
  while (count > 1 && !fits(characters.slice(0, count).join(''))) count--;
  return characters.slice(0, count).join('');
}

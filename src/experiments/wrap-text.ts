/**
 * Breaks a text into lines no wider than `width`, between words if possible. If there are more than `maxLines`, the rest is
 * cut off with an ellipsis.
 * @param measure gives the width of a text, in the unit of `width`
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
      const head = longestHead(fits, rest);
      lines.push(head);
      rest = rest.slice(head.length);
    }
    line = rest;
  }
  if (line !== '') lines.push(line);
  if (lines.length <= maxLines) return lines;
  const last = lines[maxLines - 1] as string;
  return [...lines.slice(0, maxLines - 1), `${longestHead((head) => fits(`${head}…`), last)}…`];
}

/** The longest beginning of `text` that fits, but at least one character. */
function longestHead(fits: (text: string) => boolean, text: string): string {
  const characters = [...text];
  let count = characters.length;
  while (count > 1 && !fits(characters.slice(0, count).join(''))) count--;
  return characters.slice(0, count).join('');
}

/** What is laid out under one heading: its pictures' widths by their heights. */
export interface LaidGroup {
  readonly hasHeading: boolean;
  readonly ratios: readonly number[];
}

/** A picture in its line: which one of all it is, and its place from the left, in pixels. */
export interface LaidTile {
  readonly index: number;
  readonly x: number;
  readonly width: number;
}

/** A heading, which has no tiles, or pictures of the same height side by side. */
export interface Line {
  readonly group: number;
  readonly height: number;
  readonly tiles: readonly LaidTile[];
}

/** Pixels between two pictures. */
export const GAP = 8;
const HEADING_HEIGHT = 40;
/** Flatter and narrower pictures are shown whole in a tile of this shape: there is a box to check in it. */
const [NARROWEST, FLATTEST] = [0.4, 4];

/**
 * Lays out pictures in lines that fill the width, each picture in its own shape. A line ends where its height is nearest to
 * `height`; the last one of a group is not stretched.
 * @param width of all lines, in pixels
 * @param height that a line should have, in pixels
 */
export function justifiedLines(groups: readonly LaidGroup[], width: number, height: number): Line[] {
  const lines: Line[] = [];
  let first = 0;
  for (const [group, { hasHeading, ratios }] of groups.entries()) {
    if (hasHeading) lines.push({ group, height: HEADING_HEIGHT, tiles: [] });
    const shapes = ratios.map((ratio) => Math.min(FLATTEST, Math.max(NARROWEST, ratio)));
    for (let from = 0; from < shapes.length; ) {
      const { to, filled } = endOfLine(shapes, from, width, height);
      const line = shapes.slice(from, to);
      lines.push({ group, ...placed(line, first + from, filled ?? height) });
      from = to;
    }
    first += shapes.length;
  }
  return lines;
}

/** Where a line ends, and the height at which it fills the width; null for the last one, which does not. */
function endOfLine(shapes: readonly number[], from: number, width: number, height: number) {
  let sum = 0;
  for (let to = from + 1; to <= shapes.length; to++) {
    const before = sum;
    sum += shapes[to - 1] as number;
    const filled = (width - GAP * (to - from - 1)) / sum;
    if (filled > height) continue;
    // Without the last one it is higher than it should be, with it it is lower.
    const without = (width - GAP * (to - from - 2)) / before;
    const isNearer = to - from > 1 && without / height < height / filled;
    return isNearer ? { to: to - 1, filled: without } : { to, filled };
  }
  return { to: shapes.length, filled: null };
}

function placed(shapes: readonly number[], first: number, height: number): Pick<Line, 'height' | 'tiles'> {
  let x = 0;
  const tiles = shapes.map((shape, i) => {
    const tile = { index: first + i, x, width: shape * height };
    x += tile.width + GAP;
    return tile;
  });
  return { height, tiles };
}

/** The picture that a key goes to from another, as the eye sees them; null where there is none, or for any other key. */
export function neighbour(lines: readonly Line[], index: number, key: string): number | null {
  const withTiles = lines.filter(({ tiles }) => tiles.length > 0);
  const last = withTiles.at(-1)?.tiles.at(-1)?.index ?? -1;
  const at = withTiles.findIndex(({ tiles }) => tiles.some((tile) => tile.index === index));
  const tile = withTiles[at]?.tiles.find((one) => one.index === index);
  if (!tile) return null;
  const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: last }[key];
  if (to !== undefined) return to >= 0 && to <= last && to !== index ? to : null;
  const step = { ArrowUp: -1, ArrowDown: 1 }[key];
  const line = step && withTiles[at + step];
  if (!line) return null;
  const middle = tile.x + tile.width / 2;
  const distance = ({ x, width }: LaidTile) => Math.max(x - middle, middle - x - width, 0);
  return line.tiles.reduce((best, one) => (distance(one) < distance(best) ? one : best)).index;
}

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Drawing, Line, Mark } from '../../storage/stored-drawing.ts';
import { createPaper } from './paper.ts';

/** A canvas whose picture is the list of what was painted on it: lines by their first x, copies as what they hold. */
class FakeCanvas {
  width = 768;
  height = 768;
  painted: string[] = [];
  getContext() {
    const paint = (what: string) => void this.painted.push(what);
    return {
      fillRect: () => {
        this.painted = ['paper'];
      },
      arc: (x: number) => paint(`line ${x}`),
      drawImage: (image: FakeCanvas | { name: string }) => {
        this.painted = image instanceof FakeCanvas ? [...image.painted] : [`picture ${image.name}`];
      },
      ...Object.fromEntries(
        ['beginPath', 'fill', 'stroke', 'moveTo', 'lineTo', 'quadraticCurveTo'].map((name) => [
          name,
          () => {},
        ]),
      ),
    };
  }
}

beforeEach(() => void vi.stubGlobal('OffscreenCanvas', FakeCanvas));
afterEach(() => vi.unstubAllGlobals());

const line = (x: number): Line => ({ kind: 'line', points: [x, 1, 4], colour: '#1d1a18' });
const drawing = (marks: readonly Mark[], ground: Blob | null = null): Drawing => ({
  ...{ width: 768, height: 768 },
  ground,
  marks,
});
const lines = Array.from({ length: 20 }, (_, i) => line(i));
const names = (from: number, to: number) => lines.slice(from, to).map((_, i) => `line ${from + i}`);

function setup() {
  const canvas = new FakeCanvas();
  const paper = createPaper(canvas as unknown as HTMLCanvasElement);
  return { paper, painted: () => canvas.painted };
}

test('marks that are added are painted, and those that are undone are not there any more', () => {
  const { paper, painted } = setup();
  paper.show(drawing(lines.slice(0, 11)), new Map());
  expect(painted()).toEqual(['paper', ...names(0, 11)]);
  for (const count of [10, 8, 7, 3, 0, 12]) {
    paper.show(drawing(lines.slice(0, count)), new Map());
    expect(painted(), `${count} marks`).toEqual(['paper', ...names(0, count)]);
  }
});

test('a line that is drawn is the last mark; one that is withdrawn is gone', () => {
  const { paper, painted } = setup();
  paper.show(drawing(lines.slice(0, 8)), new Map());
  const [drawn, withdrawn] = [lines[8] as Line, line(99)];
  paper.draw(drawn, 0);
  paper.end(drawn);
  paper.show(drawing(lines.slice(0, 9)), new Map());
  expect(painted()).toEqual(['paper', ...names(0, 9)]);
  paper.draw(withdrawn, 0);
  paper.end(withdrawn);
  paper.show(drawing(lines.slice(0, 9)), new Map());
  expect(painted()).toEqual(['paper', ...names(0, 9)]);
});

test('where marks become part of the ground, a line that is being drawn stays, and later ones are undone as before', () => {
  const { paper, painted } = setup();
  paper.show(drawing(lines.slice(0, 12)), new Map());
  const drawn = lines[12] as Line;
  paper.draw(drawn, 0);
  const ground = new Blob(['ground']);
  const pictures = new Map([[ground, { name: 'ground' } as unknown as ImageBitmap]]);
  paper.show(drawing(lines.slice(5, 12), ground), pictures);
  expect(painted()).toEqual(['paper', ...names(0, 13)]);
  paper.end(drawn);
  paper.show(drawing(lines.slice(5, 13), ground), pictures);
  paper.show(drawing(lines.slice(5, 10), ground), pictures);
  expect(painted()).toEqual(['paper', ...names(0, 10)]);
  paper.show(drawing(lines.slice(5, 6), ground), pictures);
  expect(painted()).toEqual(['picture ground', ...names(5, 6)]);
});

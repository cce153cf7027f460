import { expect, test, vi } from 'vitest';
import type { Caller } from '../../client/caller.ts';
import { AppError } from '../../protocol/errors.ts';
import type { Drawing, Mark } from '../../storage/stored-drawing.ts';
import { createDrawingStore, drawingSize, isBlank } from './drawing-store.ts';

const SQUARE = { width: 128, height: 128 };
const line = (x: number): Mark => ({ kind: 'line', points: [x, 1, 4], colour: '#1d1a18' });
const bitmap = () => ({ width: 30, height: 20, close: vi.fn() }) as unknown as ImageBitmap;

async function setup(stored: Drawing | null = null, damaged: readonly Blob[] = []) {
  const saved: Drawing[] = [];
  const unreadable = vi.fn();
  const flattened: Drawing[] = [];
  const client = {
    call: async (_: string, { file }: { file: Blob }) => {
      if (file.type === 'text/plain')
        throw new AppError('unsupported-image', 'No picture.', { kind: 'no-picture' });
      return { width: 30, height: 20, settings: null };
    },
  } as unknown as Caller;
  const store = createDrawingStore(
    client,
    { load: async () => stored, save: async (drawing) => void saved.push(drawing), unreadable },
    {
      decode: async (file) => {
        if (damaged.includes(file)) throw new Error('It cannot be decoded.');
        return bitmap();
      },
      place: async () => new Blob(['placed']),
      flatten: async (drawing) => {
        flattened.push(drawing);
        return new Blob(['flat']);
      },
    },
  );
  await store.getState().load(SQUARE);
  return {
    store,
    state: store.getState,
    saved,
    unreadable,
    flattened,
    marks: () => store.getState().drawing?.marks,
  };
}

test('a drawing is begun in the shape of the picture, 768 pixels long', async () => {
  const { state } = await setup();
  expect(state().drawing).toEqual({ width: 768, height: 768, ground: null, marks: [] });
  expect(drawingSize({ width: 512, height: 768 })).toEqual({ width: 512, height: 768 });
  expect(drawingSize({ width: 192, height: 128 })).toEqual({ width: 768, height: 512 });
});

test('what is done is undone and redone, and stored each time', async () => {
  const { state, marks, saved } = await setup();
  const [one, two, three] = [line(1), line(2), line(3)];
  state().add(one);
  state().add(two);
  state().undo();
  expect(marks()).toEqual([one]);
  state().redo();
  expect(marks()).toEqual([one, two]);
  state().undo();
  state().add(three);
  expect(state().undone, 'what was undone is gone with the next mark').toEqual([]);
  state().redo();
  expect(marks()).toEqual([one, three]);
  expect(saved.map(({ marks }) => marks.length)).toEqual([1, 2, 1, 2, 1, 2]);
});

test('nothing is undone or redone where there is nothing', async () => {
  const { state, saved } = await setup();
  state().undo();
  state().redo();
  expect(saved).toEqual([]);
});

test('a picture is a mark like any other', async () => {
  const { state, marks } = await setup();
  await state().placePicture(new Blob(['photo'], { type: 'image/jpeg' }));
  expect(marks()).toMatchObject([{ kind: 'picture' }]);
  expect(state().pictures.size).toBe(1);
  state().undo();
  expect(marks()).toEqual([]);
  expect(state().pictures.size, 'it can be redone').toBe(1);
  state().add(line(1));
  expect(state().pictures.size, 'it is freed').toBe(0);
});

test('a file that is no picture is said to be none, and the drawing stays', async () => {
  const { state, marks } = await setup();
  state().add(line(1));
  await state().placePicture(new Blob(['words'], { type: 'text/plain' }));
  expect(state().error).toMatchObject({ code: 'unsupported-image', details: { kind: 'no-picture' } });
  expect(marks()).toHaveLength(1);
  state().add(line(2));
  expect(state().error, 'the next stroke is the answer to it').toBeNull();
});

test('the oldest marks become part of the ground, and the newest 24 can still be undone', async () => {
  const { state, marks, flattened, saved } = await setup();
  const all = Array.from({ length: 49 }, (_, i) => line(i));
  for (const mark of all) state().add(mark);
  await vi.waitUntil(() => state().drawing?.ground);
  expect(flattened).toMatchObject([{ ground: null, marks: all.slice(0, 25) }]);
  expect(marks()).toEqual(all.slice(25));
  expect(saved.at(-1)).toEqual(state().drawing);
});

test('marks that are undone while they become ground stay marks', async () => {
  const { state, marks } = await setup();
  for (let i = 0; i < 49; i++) state().add(line(i));
  for (let i = 0; i < 40; i++) state().undo();
  await new Promise((resolve) => setImmediate(resolve));
  expect(state().drawing?.ground).toBeNull();
  expect(marks()).toHaveLength(9);
});

test('another shape keeps all that is drawn, as the ground', async () => {
  const { state } = await setup();
  state().add(line(1));
  await state().reshape({ width: 192, height: 128 });
  expect(state().drawing).toMatchObject({ width: 768, height: 512, marks: [] });
  expect(await state().drawing?.ground?.text()).toBe('placed');
});

test('a stored drawing is there again, without the pictures that cannot be decoded, which is told', async () => {
  const [good, bad] = [new Blob(['good']), new Blob(['bad'])];
  const marks: Mark[] = [line(1), { kind: 'picture', file: bad }, { kind: 'picture', file: good }];
  const { state, unreadable } = await setup({ ...drawingSize(SQUARE), ground: bad, marks }, [bad]);
  expect(state().drawing).toEqual({ ...drawingSize(SQUARE), ground: null, marks: [marks[0], marks[2]] });
  expect(unreadable).toHaveBeenCalledExactlyOnceWith(2);
});

test('paper that was cleared is blank', () => {
  const paper = { ...drawingSize(SQUARE), ground: null };
  expect(isBlank({ ...paper, marks: [] })).toBe(true);
  expect(isBlank({ ...paper, marks: [line(1)] })).toBe(false);
  expect(isBlank({ ...paper, marks: [line(1), { kind: 'fill', colour: '#ffffff' }] })).toBe(true);
});

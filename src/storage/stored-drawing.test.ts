import 'fake-indexeddb/auto';
import { expect, test, vi } from 'vitest';
import { openDrawingStorage, readDrawing } from './stored-drawing.ts';

const LINE = { kind: 'line', points: [1, 2, 8, 3, 4, 8], colour: '#d63a2f' } as const;
const FILL = { kind: 'fill', colour: '#ffffff' } as const;
const DRAWING = { width: 768, height: 512, ground: null, marks: [LINE, FILL] };

test('a drawing is stored, and the newest of several that are stored at once', async () => {
  const storage = openDrawingStorage();
  expect(await storage.load()).toBeNull();
  await Promise.all([
    storage.save(DRAWING),
    storage.save({ ...DRAWING, marks: [LINE] }),
    storage.save({ ...DRAWING, marks: [FILL] }),
  ]);
  expect(await openDrawingStorage().load()).toEqual({ ...DRAWING, marks: [FILL] });
});

test.each([
  ['a line of no point', { ...LINE, points: [] }],
  ['a point without a width', { ...LINE, points: [1, 2] }],
  ['a point nowhere', { ...LINE, points: [1, Number.NaN, 3] }],
  ['no colour', { kind: 'fill', colour: 'red' }],
  ['a picture that is no file', { kind: 'picture', file: 'photo.png' }],
  ['nothing', null],
])('a mark with %s is left out, and counted', (_, mark) => {
  expect(readDrawing({ ...DRAWING, marks: [LINE, mark] })).toEqual({
    drawing: { ...DRAWING, marks: [LINE] },
    unreadable: 1,
  });
});

test('a ground that is no file is left out; a drawing of no size is none', () => {
  expect(readDrawing({ ...DRAWING, ground: 3 })).toEqual({ drawing: DRAWING, unreadable: 1 });
  expect(readDrawing({ ...DRAWING, width: 1e9 })).toEqual({ drawing: null, unreadable: 1 });
  expect(readDrawing(undefined)).toEqual({ drawing: null, unreadable: 1 });
});

test('that something is damaged is told', async () => {
  const news = { failed: vi.fn(), unreadable: vi.fn(), opened: () => {} };
  const storage = openDrawingStorage(news);
  await storage.save({ ...DRAWING, marks: [LINE, 'a stroke' as never] });
  expect((await storage.load())?.marks).toEqual([LINE]);
  expect(news.unreadable).toHaveBeenCalledExactlyOnceWith(1);
});

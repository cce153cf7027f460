import { expect, test } from 'vitest';
import { ownName } from '../../protocol/root.ts';
import { createGalleryViewStore } from './gallery-view-store.ts';

function storage(initial?: string) {
  const kept = new Map(initial === undefined ? [] : [[ownName('gallery-view'), initial]]);
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

test('the order and the size of the thumbnails are kept', () => {
  const kept = storage();
  createGalleryViewStore(() => kept)
    .getState()
    .set({ sort: 'model', size: 'large' });
  expect(createGalleryViewStore(() => kept).getState()).toMatchObject({ sort: 'model', size: 'large' });
});

test.each([
  'null',
  '{"state":{"sort":"colour","size":3},"version":1}',
  '{"state":null,"version":1}',
])('of stored %s nothing is taken', (stored) => {
  const view = createGalleryViewStore(() => storage(stored)).getState();
  expect(view).toMatchObject({ sort: 'newest', size: 'medium' });
});

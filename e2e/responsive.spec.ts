import { expect, test } from './fixtures.ts';
import { tasksDuring } from './main-thread.ts';

// A profile of its own, in which all moves that can.
test.use({ visit: 'first', contextOptions: { reducedMotion: 'no-preference' } });

test('no task of the page takes 50 ms while it generates', async ({ app, browser, page }) => {
  await app.open({ steps: 30, images: 2 });
  await app.make(2);
  const { count, longest } = await tasksDuring(browser, page, () => app.make(2));
  expect(count, 'tasks seen').toBeGreaterThan(100);
  expect(longest).toBeLessThan(50);
});

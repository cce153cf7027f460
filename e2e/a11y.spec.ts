import { expect, test } from './fixtures.ts';

test('the keyboard is enough', async ({ app, page }) => {
  await app.open({ prompt: '' });
  for (let presses = 0; presses < 60 && !(await focusIsOn('Prompt')); presses++)
    await page.keyboard.press('Tab');
  expect(await focusIsOn('Prompt')).toBe(true);
  await page.keyboard.type('a cat');
  await page.keyboard.press('Control+Enter');
  const [picture] = await app.arrived();
  expect(picture?.alt).toBe('a cat');

  async function focusIsOn(name: string) {
    return app.field(name).evaluate((element) => element === document.activeElement);
  }
});

test('every control has a name a person can see', async ({ app, page }) => {
  await app.open();
  for (const name of [
    'Prompt',
    'Negative prompt',
    'Steps',
    'Guidance scale',
    'Seed',
    'Sampler',
    'Width',
    'Height',
    'Images',
    'Device',
    'Filmstrip',
  ]) {
    await expect(app.field(name), name).toHaveCount(1);
    await expect(page.getByText(name, { exact: true }).first(), name).toBeVisible();
  }
  const nameless = await page.locator('button, input, select, textarea').evaluateAll((elements) =>
    elements
      .filter((element) => element.checkVisibility())
      .filter((element) => {
        const { labels, textContent } = element as HTMLInputElement;
        return (
          !element.getAttribute('aria-label') &&
          !element.getAttribute('aria-labelledby') &&
          !labels?.length &&
          !textContent?.trim()
        );
      })
      .map((element) => element.outerHTML),
  );
  expect(nameless).toEqual([]);
});

import { findings as axeFindings } from './axe.ts';
import { expect, test } from './fixtures.ts';

// The dark page is the light one in other colours.
for (const [colorScheme, rules] of [
  ['light', undefined],
  ['dark', ['color-contrast']],
] as const)
  test(`axe finds nothing on any screen, ${colorScheme}`, async ({ app, page }) => {
    const findings = (shown: typeof page) => axeFindings(shown, rules);
    await page.emulateMedia({ colorScheme });
    await app.visit();
    expect.soft(await findings(page), 'at first').toEqual([]);
    await page.getByText('What Trinket knows').click();
    await expect(app.button('Surprise me')).toBeVisible();
    expect.soft(await findings(page), 'with what Trinket knows').toEqual([]);
    await app.open({ images: 2, filmstrip: 1, negative: 'blurry' });
    await app.make(2);
    expect.soft(await findings(page), 'with pictures').toEqual([]);
    await app.openAdvanced();
    expect.soft(await findings(page), 'with all settings').toEqual([]);
    await app.button('Help: Eta').click();
    await expect(page.getByText('How much fresh noise each step adds', { exact: false })).toBeVisible();
    expect.soft(await findings(page), 'with help').toEqual([]);
    await page.keyboard.press('Escape');
    await app.button('More actions').first().click();
    expect.soft(await findings(page), 'with a menu').toEqual([]);
    await page.keyboard.press('Escape');
    await app.button('Start from this').first().click();
    await app.field('Steps').fill('9');
    await page.getByText('Made with Safelight').click();
    expect.soft(await findings(page), 'with settings offered').toEqual([]);
    await app.button('Inpaint…').click();
    expect.soft(await findings(page), 'with the mask').toEqual([]);
    await app.button('Done').click();
    await page.getByRole('button', { name: 'a red apple' }).first().click();
    expect.soft(await findings(page), 'with the lightbox').toEqual([]);
    await app.button('Close').click();
    await app.button('Gallery').click();
    await page.getByLabel('Select: a red apple').first().check();
    expect.soft(await findings(page), 'the gallery').toEqual([]);
    await app.button('Deselect 1').click();
    await page.getByRole('button', { name: 'Open: a red apple' }).first().click();
    expect.soft(await findings(page), 'with a picture of it').toEqual([]);
    await app.button('Close').click();
    await app.button('Models').click();
    await page.getByText('Hub settings').click();
    expect.soft(await findings(page), 'the models').toEqual([]);
    await app.button('Experiments').click();
    await app.button('Nine seeds').click();
    await expect(page.getByText('9 of 9 pictures', { exact: true })).toBeVisible();
    expect.soft(await findings(page), 'an experiment').toEqual([]);
    await page.getByLabel('Rows', { exact: true }).selectOption({ label: 'Sampler' });
    await app.button('Compare two').click();
    expect.soft(await findings(page), 'two pictures compared').toEqual([]);
    await app.button('Close').click();
    await page.getByRole('button', { name: /^Seed/ }).first().click();
    expect.soft(await findings(page), 'a picture of an experiment').toEqual([]);
    await app.button('Close').click();
    await page.setViewportSize({ width: 360, height: 740 });
    expect.soft(await findings(page), 'an experiment on a phone').toEqual([]);
    await app.button('Draw').click();
    await expect(page.getByRole('application', { name: /^Drawing/ })).toBeVisible();
    expect.soft(await findings(page), 'a drawing on a phone').toEqual([]);
    await app.button('Models').click();
    expect.soft(await findings(page), 'the models on a phone').toEqual([]);
    await app.button('Create').click();
    for (const group of ['Picture', 'Guidance and steps', 'Seed'])
      await page.getByRole('heading', { name: group, exact: true }).click();
    expect.soft(await findings(page), 'on a phone, its groups closed').toEqual([]);
    await page.getByRole('heading', { name: 'Guidance and steps' }).click();
    await app.field('Steps').fill('150');
    for (let press = 0; press < 3; press++) await app.generate.click();
    await page.getByRole('button', { name: /^Queue: / }).click();
    await expect(page.getByRole('list', { name: 'Waiting' }).getByRole('listitem')).toHaveCount(2);
    expect.soft(await findings(page), 'the queue').toEqual([]);
    await app.button('Stop all').click();
  });

test('the keyboard is enough', async ({ app, page }) => {
  await app.open({ prompt: '' });
  for (let presses = 0; presses < 60 && !(await focusIsOn('Prompt')); presses++)
    await page.keyboard.press('Tab');
  expect(await focusIsOn('Prompt')).toBe(true);
  await page.keyboard.type('a cat');
  await page.keyboard.press('Control+Shift+ArrowUp');
  await expect(app.field('Prompt'), 'it selects').toHaveValue('a cat');
  await page.keyboard.press('End');
  await page.keyboard.press('Control+ArrowUp');
  await expect(app.field('Prompt')).toHaveValue('a (cat:1.1)');
  await page.keyboard.press('Control+z');
  await expect(app.field('Prompt'), 'the field’s own Undo').toHaveValue('a cat');
  await page.keyboard.press('Control+Enter');
  const [picture] = await app.arrived();
  expect(picture?.alt).toBe('a cat');

  async function focusIsOn(name: string) {
    return app.field(name).evaluate((element) => element === document.activeElement);
  }
});

test('every control has a name a person can see', async ({ app, page }) => {
  await app.open();
  await app.openAdvanced();
  for (const name of [
    'Prompt',
    'Negative prompt',
    'Steps',
    'Guidance scale',
    'Seed',
    'Sampler',
    'Width',
    'Height',
    'Pictures',
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

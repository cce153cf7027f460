import { findings } from './axe.ts';
import { expect, test } from './fixtures.ts';

test('what is typed is completed by keyboard, pointer and name, and nothing is taken from a field without suggestions', async ({
  app,
  page,
}) => {
  await app.open({ prompt: '' });
  const prompt = app.field('Prompt');
  const list = page.getByRole('listbox', { name: 'Suggestions' });
  const options = list.getByRole('option');
  await prompt.focus();
  // Its script comes with the first focus.
  await expect(async () => {
    await prompt.fill('');
    await page.keyboard.type('a red strawb');
    await expect(options.first()).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(options).toHaveText(['strawberry']);
  await expect(prompt).toHaveAttribute(
    'aria-activedescendant',
    (await options.first().getAttribute('id')) ?? '',
  );
  expect.soft(await findings(page), 'with its list').toEqual([]);
  await page.keyboard.press('Tab');
  await expect(prompt).toHaveValue('a red strawberry');
  await expect(list).toBeHidden();
  await expect(prompt).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(prompt, 'the field’s own Undo').toHaveValue('a red strawb');

  await prompt.fill('');
  await page.keyboard.type('a gui');
  await expect(list).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(list).toBeHidden();
  await page.keyboard.press('Enter');
  await expect(prompt, 'Enter is the field’s again').toHaveValue('a gui\n');
  await page.keyboard.type('ro');
  await expect(list).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await options.first().click();
  await expect(prompt).toHaveValue(/^a gui\nro\w+/);
  await expect(prompt).toBeFocused();

  await page.keyboard.type(' rob');
  await expect(list).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await expect(list, 'the cursor is elsewhere').toBeHidden();
});

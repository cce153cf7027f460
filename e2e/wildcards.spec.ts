import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.ts';

test('words are chosen for each picture, from alternatives and lists; the picture has what was chosen, and what from', async ({
  app,
  page,
}) => {
  const template = 'a {red|blue|green|pink} __animals__, __nothing__';
  await app.open({ prompt: '', seed: 1, steps: 1, images: 2 });
  await app.button('Styles and wildcards').click();
  const dialog = page.getByRole('dialog', { name: 'Styles and wildcards' });
  await dialog
    .locator('input[type=file]')
    .last()
    .setInputFiles([
      { name: 'animals.txt', mimeType: 'text/plain', buffer: Buffer.from('# some\ncat\ndog\nfrog\n') },
      { name: 'broken.txt', mimeType: 'text/plain', buffer: Buffer.from([1, 0, 2]) },
    ]);
  await expect(dialog.getByRole('listitem')).toHaveText([/__animals__ 3 lines/]);
  await expect(dialog).toContainText('“broken.txt” was not added: it is no text.');
  await page.keyboard.press('Escape');

  const prompt = app.field('Prompt');
  await prompt.fill(template);
  await expect(page.getByText('There is no list called “nothing”')).toBeVisible();
  const made = await app.make(2);
  const texts = made.map(({ alt }) => alt);
  for (const text of texts) expect(text).toMatch(/^a (red|blue|green|pink) (cat|dog|frog), __nothing__$/);
  expect(new Set(texts).size).toBeGreaterThan(1);
  for (const { parameters, alt } of made) {
    expect(parameters).toContain(`${alt}\nSteps: `);
    expect(parameters).toContain(`Template: "${template}"`);
  }

  await page.reload();
  await app.button('Gallery').click();
  await app.button(`Open: ${texts[1]}`).click();
  await app.button('Use these settings').click();
  await expect(prompt).toHaveValue(texts[1] as string);
  await app.button('Use this again').click();
  await expect(prompt).toHaveValue(template);
  const [chosen] = await app.make();
  expect(chosen?.alt, 'the same seed chooses the same').toBe(texts[1]);
  expect(chosen?.pixels).toBe(made[1]?.pixels);
});

test('styles come from A1111’s file, several are chosen, and the picture has their words', async ({
  app,
  page,
}) => {
  const csv = '\uFEFFname,prompt,negative_prompt\r\nFilm,"film still, {prompt}",blurry\r\nRed,red light,\r\n';
  await app.open({ prompt: 'a cat', negative: 'a dog', seed: 3, steps: 1 });
  await app.button('Styles and wildcards').click();
  const dialog = page.getByRole('dialog', { name: 'Styles and wildcards' });
  const styles = dialog.getByRole('region', { name: 'Styles' });
  const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await styles
    .locator('input[type=file]')
    .setInputFiles([file('no.csv', 'once upon a time'), file('styles.csv', csv)]);
  await expect(styles).toContainText('“no.csv” has no styles');
  const film = styles.getByRole('button', { name: /^Film/ });
  await film.click();
  await styles.getByRole('button', { name: /^Red/ }).click();
  await expect(film).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Escape');
  const [made] = await app.make();
  expect(made?.alt).toBe('film still, a cat, red light');
  expect(made?.parameters).toContain('film still, a cat, red light\nNegative prompt: a dog, blurry\nSteps');
  expect(made?.parameters).toContain('Styles: "Film, Red"');

  await page.reload();
  await app.button('Take out the style Red').click();
  await app.button('Styles and wildcards').click();
  await expect(film).toHaveAttribute('aria-pressed', 'true');
  await styles.getByRole('button', { name: 'Delete the style “Film”' }).click();
  await expect(film).toHaveCount(0);
  await styles.getByRole('button', { name: 'Undo' }).click();
  await styles.getByRole('button', { name: 'New from the form' }).click();
  await expect(styles.getByLabel('Name')).toBeFocused();
  await page.keyboard.type('Mine');
  await styles.getByRole('button', { name: 'Save' }).click();
  await expect(styles.getByRole('button', { name: 'New from the form' })).toBeFocused();
  const saved = page.waitForEvent('download');
  await styles.getByRole('button', { name: 'Export styles.csv' }).click();
  const text = (await readFile(await (await saved).path())).toString();
  expect(text).toBe(csv.replace('Red,', 'Mine,a cat,a dog\r\nRed,'));
});

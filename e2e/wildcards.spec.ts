import { expect, test } from './fixtures.ts';

test('words are chosen for each picture, from alternatives and lists; the picture has what was chosen, and what from', async ({
  app,
  page,
}) => {
  const template = 'a {red|blue|green|pink} __animals__, __nothing__';
  await app.open({ prompt: '', seed: 1, steps: 1, images: 3 });
  await app.button('Styles and wildcards').click();
  const dialog = page.getByRole('dialog', { name: 'Styles and wildcards' });
  await dialog
    .locator('input[type=file]')
    .first()
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
  const made = await app.make(3);
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

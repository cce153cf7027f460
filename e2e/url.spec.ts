import { withPngTexts } from '../src/metadata/containers/png-text.ts';
import { expect, test } from './fixtures.ts';
import { drawn, file, input } from './init-image.ts';

test('the hash fills the form, and run=1 presses Generate', async ({ app }) => {
  await app.visit(
    'prompt=a+blue+book&negative=red&seed=0&steps=2&guidance=0&sampler=euler&width=72&height=64&images=1&device=wasm&filmstrip=1&run=1',
  );
  const [picture] = await app.arrived();
  await expect(app.field('Prompt')).toHaveValue('a blue book');
  await expect(app.field('Negative prompt')).toHaveValue('red');
  await expect(app.field('Seed')).toHaveValue('0');
  await expect(app.field('Steps')).toHaveValue('2');
  await expect(app.field('Guidance scale')).toHaveValue('0');
  await expect(app.field('Sampler')).toHaveValue('euler');
  await app.openAdvanced();
  await expect(app.field('Filmstrip')).toBeChecked();
  expect(picture).toMatchObject({ width: 72, height: 64 });
  expect(picture?.parameters).toContain('Steps: 2, Sampler: Euler, CFG scale: 0, Seed: 0, Size: 72x64');
});

test('a bad value and an unknown parameter are named, the rest applies', async ({ app }) => {
  await app.visit('steps=banana&width=9999&colour=mauve&prompt=hello&guidance=2');
  await expect(app.field('Prompt')).toHaveValue('hello');
  await expect(app.field('Guidance scale')).toHaveValue('2');
  await expect(app.field('Steps')).toHaveValue('20');
  const text = await app.page.locator('body').textContent();
  expect(text).toMatch(/steps/i);
  expect(text).toContain('banana');
  expect(text).toContain('9999');
  expect(text).toContain('colour=mauve (no setting has this name)');
});

test('settings live in the hash and survive a reload', async ({ app }) => {
  await app.open();
  await app.field('Prompt').fill('a tiny house & garden');
  await app.field('Steps').fill('11');
  await app.field('Guidance scale').fill('0');
  await app.field('Sampler').selectOption('pndm');
  await expect.poll(() => new URLSearchParams(new URL(app.page.url()).hash.slice(1)).get('steps')).toBe('11');
  await app.page.reload();
  await expect(app.field('Prompt')).toHaveValue('a tiny house & garden');

  // So does the screen, and Back leads to the one before.
  await app.button('Gallery').click();
  await expect(app.page).toHaveURL(/#screen=gallery&prompt=a\+tiny\+house/);
  await expect(app.page).toHaveTitle('Gallery · Safelight');
  await app.page.reload();
  await expect(app.page.getByRole('main', { name: 'Gallery' })).toBeVisible();
  await app.page.goBack();
  await expect(app.field('Steps')).toHaveValue('11');
  await expect(app.page).toHaveTitle('Safelight');

  // An entry of the history that is older than the form changes nothing of it.
  await app.field('Guidance scale').fill('3');
  await app.page.goForward();
  await expect(app.page).toHaveURL(/#screen=gallery&.*guidance=3/);
  await app.page.goBack();
  await expect(app.field('Guidance scale')).toHaveValue('3');
  await app.field('Guidance scale').fill('0');

  // And without any hash, from this browser's own memory.
  await app.visit();
  await expect(app.field('Prompt')).toHaveValue('a tiny house & garden');
  await expect(app.field('Steps')).toHaveValue('11');
  await expect(app.field('Guidance scale')).toHaveValue('0');
  await expect(app.field('Sampler')).toHaveValue('pndm');
});

test('broken stored settings never break the start', async ({ app }) => {
  await app.open();
  await app.page.evaluate(() => {
    // Without its count, the journal would put back what is whole.
    for (const key of Object.keys(localStorage))
      if (!key.endsWith('settings-count')) localStorage.setItem(key, '{"state":{"steps":"NaN"');
  });
  await app.visit();
  await expect(app.field('Steps')).toHaveValue('20');
});

test('SDXL’s widest and its tallest size: by a link, from a picture, typed, and begun', async ({
  app,
  page,
}) => {
  const expectSize = async (width: number, height: number) => {
    await expect(app.field('Width')).toHaveValue(String(width));
    await expect(app.field('Height')).toHaveValue(String(height));
  };
  await app.visit('width=1536&height=640&steps=1&guidance=0&device=wasm');
  await expectSize(1536, 640);
  const parameters =
    'a fox\nSteps: 1, Sampler: Euler a, CFG scale: 1, Seed: 1, Size: 640x1536, Version: v1.10.1';
  const picture = withPngTexts(new Blob([Uint8Array.from(await drawn(app, 64, 64))]), { parameters });
  await input(app).setInputFiles(file(Buffer.from(await picture.arrayBuffer())));
  await page.getByText(/^Made with A1111/).click();
  await app.button('Use its settings').click();
  await expectSize(640, 1536);
  await app.button('Remove the picture').click();
  await app.field('Width').fill('1536');
  await app.field('Height').fill('640');
  // Painted to its end, it would take a CPU minutes.
  await app.generate.click();
  await expect(app.progress).toBeVisible();
  await expect(app.alert).toBeHidden();
  await expectSize(1536, 640);
});

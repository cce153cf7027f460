import { expect, test } from './fixtures.ts';
import { input } from './init-image.ts';

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
  await expect(app.field('Filmstrip')).toBeChecked();
  expect(picture).toMatchObject({ width: 72, height: 64 });
  expect(picture?.parameters).toContain('Steps: 2, Sampler: Euler, CFG scale: 0, Seed: 0, Size: 72x64');
});

test('a bad value is named, an unknown parameter is ignored, the rest applies', async ({ app }) => {
  await app.visit('steps=banana&width=9999&colour=mauve&prompt=hello&guidance=2');
  await expect(app.field('Prompt')).toHaveValue('hello');
  await expect(app.field('Guidance scale')).toHaveValue('2');
  await expect(app.field('Steps')).toHaveValue('20');
  const text = await app.page.locator('body').textContent();
  expect(text).toMatch(/steps/i);
  expect(text).toContain('banana');
  expect(text).toContain('9999');
  expect(text).not.toContain('mauve');
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
    for (const key of Object.keys(localStorage)) localStorage.setItem(key, '{"state":{"steps":"NaN"');
  });
  await app.visit();
  await expect(app.field('Steps')).toHaveValue('20');
});

test('SDXL’s widest and its tallest size: by a link, typed, and from the picture itself', async ({
  app,
  page,
}) => {
  await app.visit('width=1536&height=640&steps=1&guidance=0&device=wasm');
  const [wide] = await app.make();
  expect(wide).toMatchObject({ width: 1536, height: 640 });
  const downloading = page.waitForEvent('download');
  await app.button('Download').click();
  const file = await (await downloading).path();
  await app.field('Width').fill('640');
  await app.field('Height').fill('1536');
  const [tall] = await app.make();
  expect(tall).toMatchObject({ width: 640, height: 1536 });
  await input(app).setInputFiles(file);
  await page.getByText(/^Made with Safelight/).click();
  await app.button('Use its settings').click();
  await expect(app.field('Width')).toHaveValue('1536');
  await expect(app.field('Height')).toHaveValue('640');
});

import type { App, Picture } from './app.ts';
import { expect, test } from './fixtures.ts';

// Every control changes the request, seen where it counts: in the picture's pixels and in the text inside it.

/** A page with the quick settings, its seed kept, and the picture they make. */
async function begin(app: App): Promise<Picture> {
  await app.open();
  await app.button('Lock seed').click();
  return made(app);
}

async function made(app: App): Promise<Picture> {
  const [picture] = await app.make();
  if (!picture) throw new Error('A picture is missing.');
  return picture;
}

const NUMBERS = [
  { name: 'Steps', value: 4, text: /Steps: 4,/ },
  { name: 'Guidance scale', value: 6.5, text: /CFG scale: 6\.5,/ },
  { name: 'Guidance scale', value: 0, text: /CFG scale: 0,/ },
  { name: 'Seed', value: 0, text: /Seed: 0,/ },
  { name: 'Seed', value: 4294967295, text: /Seed: 4294967295,/ },
] as const;

test('each number of the form changes the picture', async ({ app }) => {
  const before = await begin(app);
  for (const { name, value, text } of NUMBERS)
    await test.step(`${name} ${value}`, async () => {
      const old = await app.field(name).inputValue();
      await app.field(name).fill(String(value));
      const after = await made(app);
      expect(after.pixels).not.toBe(before.pixels);
      expect(before.parameters).not.toMatch(text);
      expect(after.parameters).toMatch(text);
      await app.field(name).fill(old);
    });
});

const MORE = [
  { name: 'Guidance rescale', value: 0.7, text: /CFG Rescale: 0\.7,/ },
  { name: 'Guidance start', value: 0.5, text: /Guidance start: 0\.5,/ },
  { name: 'Guidance end', value: 0.5, text: /Guidance end: 0\.5,/ },
  { name: 'Clip skip', value: 1, text: /Clip skip: 2,/ },
  { name: 'Eta', value: 1, text: /Eta DDIM: 1,/ },
] as const;

test('each number among the advanced settings changes the picture, and so does the noise', async ({
  app,
  page,
}) => {
  const before = await begin(app);
  const advanced = page.locator('summary', { hasText: 'Advanced' });
  for (const { name, value, text } of MORE)
    await test.step(`${name} ${value}`, async () => {
      await app.openAdvanced();
      const old = await app.field(name).inputValue();
      await app.field(name).fill(String(value));
      const after = await made(app);
      expect(after.pixels).not.toBe(before.pixels);
      expect(before.parameters).not.toMatch(text);
      expect(after.parameters).toMatch(text);
      await app.field(name).fill(old);
      // Device is another one already.
      await advanced.click();
      await expect(advanced).toHaveText('Advanced · 1 changed');
      await expect(app.field(name)).toBeHidden();
      await advanced.click();
      await app.field(name).fill(String(value));
      await advanced.click();
      await expect(advanced).toHaveText('Advanced · 2 changed');
      await advanced.click();
      await app.field(name).fill(old);
    });

  await app.field('Noise').selectOption({ label: 'Like A1111 on CUDA (“NV”)' });
  const after = await made(app);
  expect(after.pixels).not.toBe(before.pixels);
  expect(before.parameters).toContain('RNG: CPU');
  expect(after.parameters).toContain('RNG: GPU');
});

test('a fault among the closed settings opens them', async ({ app }) => {
  await app.open();
  await app.openAdvanced();
  await app.field('Guidance rescale').fill('2');
  await app.page.getByText('Advanced', { exact: true }).click();
  await app.button('Generate').click();
  await expect(app.page.getByText('Guidance rescale must be a number from 0 to 1.')).toBeVisible();
});

test('Prompt and Negative prompt change the picture', async ({ app }) => {
  const before = await begin(app);
  await app.field('Prompt').fill('a blue book');
  const blue = await made(app);
  expect(blue.pixels).not.toBe(before.pixels);
  expect(blue.alt).toBe('a blue book');
  expect(blue.parameters).toMatch(/^a blue book\n/);

  await app.field('Prompt').fill('');
  const empty = await made(app);
  expect(empty.pixels).not.toBe(before.pixels);

  await app.field('Prompt').fill('a red apple');
  await app.field('Negative prompt').fill('green');
  const negative = await made(app);
  expect(negative.pixels).not.toBe(before.pixels);
  expect(before.parameters).not.toContain('Negative prompt');
  expect(negative.parameters).toContain('\nNegative prompt: green\n');
});

test('emphasis, editing by step, and what comes after 77 tokens change the picture', async ({ app }) => {
  await app.open();
  await app.button('Lock seed').click();
  const long = 'a red apple on a table, '.repeat(14);
  const pixels = new Map<string, string | undefined>();
  for (const prompt of [
    'a red apple',
    'a (red:1.5) apple',
    '[a red apple:a blue book:2]',
    long,
    `${long}(at night:1.3)`,
  ]) {
    await app.field('Prompt').fill(prompt);
    pixels.set(prompt, (await app.make())[0]?.pixels);
  }
  expect(new Set(pixels.values()).size, 'each its own picture').toBe(pixels.size);
  await expect(app.page.getByText(/^7\d \+ \d+ tokens$/)).toBeVisible();

  await app.field('Prompt').fill('a \\(red\\) apple');
  await expect(app.page.getByText(/of 75 tokens/)).toBeVisible();
});

test('an embedding is added, used by its name in the prompt, and removed; a file that is not an embedding is refused', async ({
  app,
}) => {
  const file = new URL('../src/pipeline/golden/mystyle.safetensors', import.meta.url).pathname;
  await app.open({ prompt: 'a mystyle apple' });
  await app.button('Lock seed').click();
  const [before] = await app.make();
  await app.openAdvanced();
  const input = app.page.getByLabel('Add .safetensors…');
  await input.setInputFiles(file);
  await expect(app.button('Remove mystyle')).toBeVisible();
  const [after] = await app.make();
  expect(after?.pixels).not.toBe(before?.pixels);

  await input.setInputFiles({
    name: 'wrong.safetensors',
    mimeType: '',
    buffer: Buffer.from('no safetensors'),
  });
  await expect(app.alert).toContainText('wrong');
  await app.page.reload();
  await app.button('Remove mystyle').click();
  const [without] = await app.make();
  expect(without?.pixels).toBe(before?.pixels);
});

test('tags leave the prompt, and those that are not applied are named above the picture', async ({
  app,
  page,
}) => {
  await app.open({ prompt: 'a red apple', steps: 1 });
  await app.button('Lock seed').click();
  const [plain] = await app.make();
  await app.field('Prompt').fill('a red apple<hypernet:ink:0.5>');
  const [tagged] = await app.make();
  expect(tagged?.pixels).toBe(plain?.pixels);
  await expect(page.getByText('<hypernet:ink:0.5> was ignored')).toBeVisible();
  await app.field('Prompt').fill('a red apple');
  await app.make();
  await expect(page.getByText('was ignored')).toBeHidden();
});

test('each sampler makes another picture, and so does a schedule', async ({ app }) => {
  await app.open({ steps: 4 });
  await app.button('Lock seed').click();
  const all = await app.field('Sampler').locator('option').allInnerTexts();
  const labels = all.filter((label) => !label.startsWith('EDM'));
  expect(labels.length).toBeGreaterThanOrEqual(4);
  const pixels = new Set<string>();
  for (const label of labels) {
    await app.field('Sampler').selectOption({ label });
    const [picture] = await app.make();
    expect(picture?.parameters).toContain(`Sampler: ${label}`);
    if (picture) pixels.add(picture.pixels);
  }
  expect(pixels.size, 'each sampler its own picture').toBe(labels.length);

  await app.field('Sampler').selectOption('euler');
  await app.field('Schedule').selectOption('sgm-uniform');
  const [scheduled] = await app.make();
  expect(scheduled?.parameters).toContain('Sampler: Euler, Schedule type: SGM Uniform, CFG scale');
  expect(pixels, 'a picture of its own').not.toContain(scheduled?.pixels);
  await app.field('Sampler').selectOption('edm-euler');
  await app.generate.click();
  await expect(app.alert).toContainText('The EDM samplers work only with models that were trained for them.');
});

test('Width and Height set each side; one that is no multiple of 8 is rounded, and the page says so', async ({
  app,
}) => {
  await app.open({ steps: 1 });
  await app.field('Width').fill('96');
  await app.field('Width').blur();
  const [wide] = await app.make();
  expect(wide).toMatchObject({ width: 96, height: 64, parameters: expect.stringContaining('Size: 96x64') });
  await app.field('Width').fill('64');
  await app.field('Height').fill('72');
  await app.field('Height').blur();
  const [tall] = await app.make();
  expect(tall).toMatchObject({ width: 64, height: 72, parameters: expect.stringContaining('Size: 64x72') });

  await app.field('Width').fill('99');
  await app.field('Width').blur();
  await expect(app.field('Width')).toHaveValue(/^(96|104)$/);
  await expect(app.page.getByText(/rounded to/i)).toBeVisible();
});

test('a shape fills both sides, they are swapped, and what is typed into one takes the other along', async ({
  app,
}) => {
  await app.open();
  const sides = async (width: number, height: number) => {
    await expect(app.field('Width')).toHaveValue(String(width));
    await expect(app.field('Height')).toHaveValue(String(height));
  };
  await expect(app.field('Shape')).toHaveValue('64x64');
  await app.field('Shape').selectOption({ label: '160 × 104 · Landscape' });
  await sides(160, 104);
  await app.button('Swap width and height').click();
  await sides(104, 160);
  await app.button('Keep the ratio').click();
  await app.field('Width').fill('208');
  await sides(208, 320);
  await app.field('Height').fill('160');
  await sides(104, 160);
  await app.button('Keep the ratio').click();
  await app.field('Width').fill('128');
  await sides(128, 160);
});

test('nine Pictures make a sheet of three by three, with a seed each', async ({ app }) => {
  await app.open({ steps: 1, seed: 40 });
  await app.button('Lock seed').click();
  await app.field('Pictures').fill('9');
  const pictures = await app.make(9);
  expect(new Set(pictures.map((picture) => picture.pixels)).size).toBe(9);
  const seeds = pictures.map((picture) => /Seed: (\d+)/.exec(picture.parameters)?.[1]);
  expect(seeds).toEqual(['40', '41', '42', '43', '44', '45', '46', '47', '48']);
  const boxes = await Promise.all((await app.pictures.all()).map((picture) => picture.boundingBox()));
  expect(new Set(boxes.map((box) => Math.round(box?.x ?? -1))).size, 'columns').toBe(3);
  expect(new Set(boxes.map((box) => Math.round(box?.y ?? -1))).size, 'rows').toBe(3);

  await app.field('Pictures').fill('1');
  await app.field('Seed').fill('44');
  const [alone] = await app.make();
  expect(alone?.pixels, 'image i is seed + i').toBe(pictures[4]?.pixels);
});

test('Filmstrip shows eight decodes along the way', async ({ app }) => {
  await app.open({ steps: 8 });
  await app.button('Lock seed').click();
  const [plain] = await app.make();
  const without = (await app.draws()).length;
  await app.openAdvanced();
  await app.field('Filmstrip').check();
  await app.forgetDraws();
  const [filmed] = await app.make();
  expect(filmed?.pixels, 'the picture is the same').toBe(plain?.pixels);
  expect((await app.draws()).length).toBe(without + 8);
});

test('the Device that is chosen is the one that runs', async ({ app }) => {
  await app.open({ steps: 1, device: 'auto' });
  await app.make();
  await expect(app.outcome).toContainText(/ · CPU · \d/);
  await app.openAdvanced();
  await app.field('Device').selectOption('webgpu');
  await app.generate.click();
  await expect(app.alert).toContainText(/WebGPU/);
  await app.field('Device').selectOption('wasm');
  const [picture] = await app.make();
  expect(picture?.deviation).toBeGreaterThan(3);
  await expect(app.outcome).toContainText(/ · CPU · \d/);
});

test('without a lock every run draws a seed, and shows it; Random seed draws one, Reuse seed takes the picture’s and locks it', async ({
  app,
}) => {
  await app.open({ steps: 1, seed: 5 });
  const lock = app.button('Lock seed');
  if ((await lock.getAttribute('aria-pressed')) === 'true') await lock.click();
  const [first] = await app.make();
  const shown = await app.field('Seed').inputValue();
  expect(first?.parameters).toContain(`Seed: ${shown},`);
  const [second] = await app.make();
  expect(second?.pixels).not.toBe(first?.pixels);

  await app.field('Seed').fill('5');
  await lock.click();
  const [locked] = await app.make();
  await app.button('Random seed').click();
  await expect(app.field('Seed')).not.toHaveValue('5');
  await app.button('Reuse seed').click();
  await expect(app.field('Seed')).toHaveValue('5');
  await expect(lock).toHaveAttribute('aria-pressed', 'true');
  const [again] = await app.make();
  expect(again?.pixels).toBe(locked?.pixels);
});

test('bad numbers are refused with the field named', async ({ app }) => {
  await app.open();
  for (const [name, value] of [
    ['Steps', '0'],
    ['Steps', '1001'],
    ['Guidance scale', '101'],
    ['Seed', '-1'],
    ['Seed', '4294967296'],
    ['Pictures', '0'],
  ] as const)
    await test.step(`${name} ${value}`, async () => {
      const old = await app.field(name).inputValue();
      await app.field(name).fill(value);
      await app.generate.click();
      await expect(app.field(name)).toHaveAttribute('aria-invalid', 'true');
      await expect(app.stop).toHaveCount(0);
      await expect(app.pictures).toHaveCount(0);
      await app.field(name).fill(old);
      await expect(app.field(name)).not.toHaveAttribute('aria-invalid', 'true');
    });
});

test('numbers can be typed up to what the engine can do, past the end of their sliders', async ({ app }) => {
  await app.open();
  for (const [name, value] of [
    ['Steps', '1000'],
    ['Guidance scale', '100'],
    ['Width', '2048'],
    ['Pictures', '100'],
  ] as const) {
    await app.field(name).fill(value);
    await app.field(name).blur();
    await expect(app.field(name)).toHaveValue(value);
    await expect(app.field(name)).toHaveAttribute('aria-invalid', 'false');
  }
  await expect(app.page.getByRole('slider', { name: 'Steps slider' })).toHaveValue('150');
});

import { readFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { withPngTexts } from '../src/metadata/containers/png-text.ts';
import type { App, Settings } from './app.ts';
import { expect, test } from './fixtures.ts';
import { chosen } from './init-image.ts';

// Settings inside pictures: written, read back whoever wrote them, taken over, and given on.

const golden = (name: string) => readFileSync(new URL(`../src/metadata/golden/${name}`, import.meta.url));

/** Drops a file on the page, as from a folder. */
async function drop(app: App, bytes: Uint8Array, name = 'picture.png'): Promise<void> {
  await app.page.evaluate(
    ([data, fileName]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(data)], fileName));
      document.body.dispatchEvent(
        new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }),
      );
    },
    [[...bytes], name] as const,
  );
}

/** What is asked of a picture that says how it was made. */
const question = (app: App) => app.page.getByRole('dialog');
const answer = (app: App, name: string) => question(app).getByRole('button', { name, exact: true }).click();
const pasted = (app: App) => app.page.locator('details').filter({ hasText: /^Pasted from/ });

/** The lines of an offer, opened: “Steps: 4 → 3”. */
async function changes(offer: Locator): Promise<string[]> {
  const summary = offer.locator('summary');
  await expect(summary).toBeVisible();
  const details = offer.locator('xpath=descendant-or-self::details');
  if (!(await details.evaluate((element: HTMLDetailsElement) => element.open))) await summary.click();
  const lines = await details.getByRole('list').first().getByRole('listitem').all();
  return Promise.all(
    lines.map(async (line) => {
      const [name, now, next] = await Promise.all(
        ['span', 'del', 'ins'].map((tag) => line.locator(tag).first().textContent()),
      );
      return `${name}: ${now} → ${next}`;
    }),
  );
}

async function expectFields(app: App, fields: Settings): Promise<void> {
  for (const [name, value] of Object.entries(fields))
    await expect(app.field(name), name).toHaveValue(String(value));
}

test('a picture downloaded and dropped on another form is reproduced: the same pixels', async ({
  app,
  page,
}) => {
  const made = { prompt: 'a [blue:red:0.5] book, “日本”', negative: 'text', seed: 4_000_000_000, steps: 4 };
  await app.open({
    ...made,
    sampler: 'dpmpp-2m-sde-karras',
    guidance: 2.5,
    rescale: 0.3,
    noise: 'gpu',
    width: 72,
  });
  const [first] = await app.make();
  const downloading = page.waitForEvent('download');
  await app.button('Download').click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/\.png$/);
  const file = readFileSync(await download.path());

  await app.follow({ prompt: 'other', steps: 3, seed: 7, eta: 0.5, rescale: 0, noise: 'cpu' });
  await app.button('Start from this').click();
  await drop(app, file);
  expect(await changes(question(app))).toEqual([
    'Prompt: other → a [blue:red:0.5] book, “日本”',
    'Negative prompt: none → text',
    'Steps: 3 → 4',
    'Guidance scale: 3 → 2.5',
    'Sampler: DDIM → DPM++ 2M SDE Karras',
    'Seed: 7 → 4000000000',
    'Width: 64 → 72',
    'Guidance rescale: 0 → 0.3',
    'Eta: 0.5 → 0',
    'Noise: Like diffusers on a CPU → Like A1111 on CUDA (“NV”)',
  ]);
  await expect(app.field('Steps'), 'nothing has changed yet').toHaveValue('3');
  await answer(app, 'Reproduce it');
  await expect(page.getByRole('status')).toContainText('Settings applied.');
  await expect(chosen(app), 'it starts from noise, as the picture did').toBeHidden();
  const [again] = await app.make();
  expect(again?.pixels).toBe(first?.pixels);

  await app.button('Undo').click();
  await expectFields(app, { Prompt: 'other', Steps: 3, Seed: 7, Width: 64 });
  await expect(chosen(app)).toBeVisible();
  await page.keyboard.press('Control+Shift+z');
  await expectFields(app, { Prompt: made.prompt, Steps: 4, Seed: made.seed });

  await app.openAdvanced();
  await app.button('Reset').click();
  await expectFields(app, { Prompt: made.prompt, Steps: 20, 'Guidance rescale': 0, Noise: 'cpu' });
  await drop(app, file);
  await answer(app, 'Start from it');
  await expect(chosen(app)).toBeVisible();
  await expectFields(app, { Steps: 20 });
});

test('what was in the form comes back: by Ctrl+Z, by ↑ in the field, and from a list that outlives the page', async ({
  app,
  page,
}) => {
  await app.open({ prompt: 'typed with care', steps: 1 });
  const prompt = app.field('Prompt');
  await app.button('a purple dog').click();
  await expect(prompt).toHaveValue('a purple dog');
  await expect(page.getByRole('status')).toContainText('Settings applied.');
  await page.keyboard.press('Control+z');
  await expect(prompt).toHaveValue('typed with care');

  await app.follow({ prompt: 'from a link', steps: 1 });
  await prompt.focus();
  await page.keyboard.press('Control+z');
  await expect(prompt, 'nothing was typed in the field since').toHaveValue('typed with care');

  // What was typed since is undone first, and then what it was typed into.
  await page.keyboard.press('Control+Shift+z');
  await expect(prompt).toHaveValue('from a link');
  await prompt.press('End');
  await page.keyboard.type('s');
  await page.keyboard.press('Control+z');
  await expect(prompt).toHaveValue('from a link');
  await page.keyboard.press('Control+z');
  await expect(prompt).toHaveValue('typed with care');

  await prompt.fill('another');
  await page.keyboard.press('ArrowUp');
  await expect(prompt).toHaveValue('from a link');
  await page.keyboard.press('Control+z');
  await expect(prompt, 'as if it had been typed').toHaveValue('another');
  await page.keyboard.press('ArrowUp');
  await expect(prompt).toHaveValue('from a link');
  await page.keyboard.press('ArrowUp');
  await expect(prompt).toHaveValue('typed with care');
  await page.keyboard.press('ArrowDown');
  await expect(prompt).toHaveValue('from a link');
  await page.keyboard.press('ArrowDown');
  await expect(prompt).toHaveValue('another');

  await prompt.fill('');
  await page.keyboard.press('ArrowUp');
  await expect(prompt).toHaveValue('another');
  await page.keyboard.press('ArrowDown');
  await expect(prompt, 'back to where it began').toHaveValue('');

  await page.reload();
  await app.button('Earlier prompts').click();
  await question(app).getByRole('button', { name: 'Delete “a purple dog”' }).click();
  const listed = question(app).getByRole('listitem');
  await expect(listed).toHaveText(['another', 'from a link', 'typed with care']);
  await answer(app, 'typed with care');
  await expect(prompt).toHaveValue('typed with care');
});

const CASTLE = {
  Prompt: 'a castle on a hill, (stormy sky:1.2)',
  'Negative prompt': 'blurry, text',
  Steps: 25,
  'Guidance scale': 6.5,
  Seed: 12345,
  Width: 512,
  Height: 768,
  Sampler: 'dpmpp-2m-karras',
};
const GIRL = {
  Prompt: 'masterpiece best quality girl <lora:watercolor:0.5:0.8>',
  'Negative prompt': 'bad hands',
  Steps: 20,
  'Guidance scale': 8,
  Seed: 8566257,
  Width: 768,
  Height: 512,
  Sampler: 'dpmpp-2m-karras',
};
const HARBOUR = {
  Prompt: 'a harbour at dawn <lora:watercolor:0.5> <lora:detail:0.25>',
  'Negative prompt': 'boats',
  Steps: 25,
  'Guidance scale': 7.5,
  Seed: 1903417,
  Width: 512,
  Height: 768,
  Sampler: 'dpmpp-2m-karras',
};
const BARN = {
  Prompt: 'a "red" barn & a <gate> <lora:watercolor_lora_f16:0.6>',
  'Negative prompt': 'people',
  Steps: 20,
  'Guidance scale': 7.5,
  Seed: 3405691582,
  Width: 768,
  Height: 512,
  Sampler: 'dpmpp-2m',
};
const LIGHTHOUSE = {
  Prompt: 'a lighthouse at dusk <lora:watercolor:0.75>',
  'Negative prompt': 'people',
  Steps: 30,
  'Guidance scale': 7.5,
  Seed: 1934567,
  Width: 512,
  Height: 768,
  Sampler: 'dpmpp-2m-karras',
};

test('what other programs wrote fills the form, from PNG, JPEG, WebP and AVIF', async ({ app, page }) => {
  await app.open();
  for (const [name, tool, fields, model] of [
    ['a1111.png', 'A1111', CASTLE, 'v1-5-pruned-emaonly'],
    ['comfyui.png', 'ComfyUI', GIRL, 'v1-5-pruned-emaonly'],
    ['a1111.jpg', 'A1111', CASTLE, 'v1-5-pruned-emaonly'],
    ['invokeai.png', 'InvokeAI', LIGHTHOUSE, 'Dreamshaper 8'],
    [
      'a1111-japanese.webp',
      'A1111',
      { ...CASTLE, Prompt: '丘の上の城, (stormy sky:1.2)' },
      'v1-5-pruned-emaonly',
    ],
    ['comfyui.webp', 'ComfyUI', GIRL, 'v1-5-pruned-emaonly'],
    ['easy-diffusion.jpg', 'Easy Diffusion', HARBOUR, 'sd-v1-5'],
    ['draw-things.png', 'Draw Things', BARN, 'sd_v1.5_f16'],
    ['a1111.avif', 'A1111', { ...CASTLE, Sampler: 'dpmpp-2m-sde-exponential' }, 'v1-5-pruned-emaonly'],
  ] as const) {
    await drop(app, golden(name), name);
    await expect(question(app).getByRole('heading'), name).toHaveText(`Made with ${tool}`);
    await expect(page.getByText(`Model ${model} is not on this device.`)).toBeVisible();
    await answer(app, 'Reproduce it');
    await expectFields(app, fields);
    await expect(app.field('Model')).toHaveValue('trinket');
  }
});

test('what a picture says and Safelight cannot read or do is named, and the form keeps its own', async ({
  app,
  page,
}) => {
  await app.open({ prompt: 'kept', steps: 3 });
  await drop(app, golden('comfyui-sdxl.png'));
  await expect(page.getByText('end_at_step: 20 has no equivalent here.')).toBeVisible();
  await expect(page.getByText('text_l: oil painting has no equivalent here.')).toBeVisible();
  const graph = {
    3: {
      class_type: 'KSampler',
      inputs: { steps: 4, sampler_name: 'euler', scheduler: 'normal', positive: ['9', 0] },
    },
  };
  const file = withPngTexts(new Blob([golden('invokeai-sdxl.png')]), { prompt: JSON.stringify(graph) });
  await answer(app, 'Cancel');
  await drop(app, new Uint8Array(await file.arrayBuffer()), 'unread.png');
  await expect(page.getByText('Prompt could not be read from the file and stays as it is.')).toBeVisible();
  await answer(app, 'Reproduce it');
  await expect(app.field('Prompt')).toHaveValue('kept');
});

test('hostile text stays text', async ({ app, page }) => {
  const hostile = '<img src=x onerror="window.hacked=1"><script>window.hacked=2</script>';
  const graph = {
    3: {
      class_type: 'KSampler',
      inputs: { seed: 1, steps: 4, cfg: 2, sampler_name: hostile, scheduler: hostile, positive: ['6', 0] },
    },
    6: { class_type: 'CLIPTextEncode', inputs: { text: hostile } },
  };
  const plain = new Blob([golden('a1111-compressed.png')]);
  const file = withPngTexts(plain, { prompt: JSON.stringify(graph), parameters: 'Steps: '.repeat(20_000) });
  await app.open();
  await drop(app, new Uint8Array(await file.arrayBuffer()));
  expect(await changes(question(app))).toContain(`Prompt: a red apple → ${hostile}`);
  await expect(page.getByText(`Its sampler, ${hostile}, is not supported here.`)).toBeVisible();
  await answer(app, 'Reproduce it');
  await expect(app.field('Prompt')).toHaveValue(hostile);
  const [picture] = await app.make();
  expect(picture?.alt).toBe(hostile);
  expect(await page.locator('img[src="x"], script:not([src])').count()).toBe(0);
  expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
});

test('settings pasted into the prompt are offered; other text is pasted', async ({ app, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await app.open({ prompt: 'before ' });
  const text =
    'a castle\nNegative prompt: fog\nSteps: 5, Sampler: Euler a, CFG scale: 6.5, Seed: 9, Size: 64x96, ControlNet 0: "Module: canny, Model: control_v11p_sd15_canny [d14c016b], Weight: 0.8"';
  const paste = async (copied: string) => {
    await page.evaluate((words) => navigator.clipboard.writeText(words), copied);
    await app.field('Prompt').press('End');
    await app.field('Prompt').press('Control+v');
  };
  await paste('a tower');
  await expect(app.field('Prompt')).toHaveValue('before a tower');

  await paste(text);
  expect(await changes(pasted(app))).toContain('Prompt: before a tower → a castle');
  await expect(app.field('Prompt')).toHaveValue('before a tower');
  await expect(pasted(app)).toContainText('It has a control layer, whose picture is not inside the file');
  await expect(pasted(app)).toContainText('Control model control_v11p_sd15_canny is not on this device.');
  await app.button('Use its settings').click();
  await expectFields(app, { Prompt: 'a castle', Steps: 5, Seed: 9, Height: 96, Sampler: 'euler-ancestral' });
  await page.getByRole('heading', { name: /^Control\b/ }).click();
  const layer = page.getByRole('group', { name: 'Control layer 1' });
  await expect(layer, 'Trinket has no control models').toContainText(
    'There are no control models for Trinket.',
  );
  await app.button('Undo').click();
  await expectFields(app, { Prompt: 'before a tower', Steps: 3, Height: 64 });
  await expect(layer).toBeHidden();

  await app.button('Paste as text').click();
  await expect(app.field('Prompt')).toHaveValue(`before a tower${text}`);
  await expect(app.field('Prompt')).toBeFocused();
  await expect(pasted(app)).toBeHidden();
});

test('a picture and its parameters go to the clipboard, by keyboard alone', async ({
  app,
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await app.open({ prompt: 'a café', steps: 2 });
  const [made] = await app.make();
  const more = app.button('More actions');
  await more.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Copy picture' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toContainText('Picture copied.');
  await expect(more).toBeFocused();
  const copied = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const bitmap = await createImageBitmap((await item?.getType('image/png')) as Blob);
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const drawing = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    drawing.drawImage(bitmap, 0, 0);
    const { data } = drawing.getImageData(0, 0, bitmap.width, bitmap.height);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  });
  expect(copied).toBe(made?.pixels);

  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Copy picture' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toContainText('Parameters copied.');
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toBe(made?.parameters);
  expect(text).toMatch(/^a café\nSteps: 2, Sampler: DDIM, CFG scale: 3, Seed: 1, Size: 64x64,/);

  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(more).toBeFocused();
  await expect(page.getByRole('menu')).toBeHidden();
});

test('a clipboard that is refused says so', async ({ app, page }) => {
  await app.open({ steps: 1 });
  await app.make();
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError'));
  });
  await app.button('More actions').click();
  await page.getByRole('menuitem', { name: 'Copy parameters' }).click();
  await expect(page.getByRole('status')).toContainText('The browser did not allow this.');
});

test('where the system can share files, the picture is shared with its settings inside', async ({
  app,
  page,
}) => {
  await page.addInitScript(() => {
    Object.assign(navigator, {
      canShare: ({ files }: ShareData) => files?.[0]?.type === 'image/png',
      share: async ({ files }: ShareData) => {
        const [file] = files ?? [];
        Object.assign(globalThis, { shared: [file?.name, file?.size] });
      },
    });
  });
  await app.open({ steps: 1 });
  await app.make();
  const size = await app.pictures
    .first()
    .evaluate(async (image: HTMLImageElement) => (await (await fetch(image.src)).blob()).size);
  await app.button('More actions').click();
  await page.getByRole('menuitem', { name: 'Share…' }).click();
  await expect(page.getByRole('status')).toContainText('Picture shared.');
  expect(await page.evaluate(() => Reflect.get(globalThis, 'shared'))).toEqual(['a-red-apple-1.png', size]);
});

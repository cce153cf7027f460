import { readFileSync } from 'node:fs';
import { expect, test } from './fixtures.ts';
import { BLUE, chosen, count, drawn, file, input, maskCanvas, pixelsOf, RED } from './init-image.ts';

// A run that begins with a picture: chosen, dropped, pasted, or one just made.

test('a picture chosen changes the pixels, its strength too, and the PNG says so', async ({ app }) => {
  await app.open({ steps: 6 });
  await app.button('Lock seed').click();
  const [noise] = await app.make();
  await input(app).setInputFiles(file(await drawn(app, 64, 64)));
  await expect(chosen(app)).toBeVisible();
  await app.field('Strength').fill('0.5');
  await expect(app.page.getByText('Runs 3 of 6 steps')).toBeVisible();
  const [half] = await app.make();
  expect(half?.pixels).not.toBe(noise?.pixels);
  expect(half?.parameters).toContain('Denoising strength: 0.5,');
  expect(noise?.parameters).not.toContain('Denoising strength');
  await app.field('Strength').fill('1');
  const [whole] = await app.make();
  expect(whole?.pixels).not.toBe(half?.pixels);

  await app.button('Remove the picture').click();
  const [again] = await app.make();
  expect(again?.pixels).toBe(noise?.pixels);
});

test('of a picture of another shape the middle is taken, or all of it', async ({ app }) => {
  await app.open({ steps: 4 });
  await app.button('Lock seed').click();
  await input(app).setInputFiles(file(await drawn(app, 160, 40)));
  await expect(app.field('Fit')).toHaveValue('crop');
  const [middle] = await app.make();
  await app.field('Fit').selectOption({ label: 'Stretch' });
  const [all] = await app.make();
  expect(all?.pixels).not.toBe(middle?.pixels);
});

test('nine variations of a picture have successive seeds, and leave the form as it was', async ({ app }) => {
  await app.open({ steps: 2, seed: 40 });
  await app.button('Lock seed').click();
  await input(app).setInputFiles(file(await drawn(app, 64, 64)));
  await app.button('Nine variations').click();
  const pictures = await app.arrived(9);
  expect(new Set(pictures.map(({ pixels }) => pixels)).size).toBe(9);
  const seeds = pictures.map(({ parameters }) => Number(/Seed: (\d+)/.exec(parameters)?.[1]));
  expect(seeds).toEqual(Array.from({ length: 9 }, (_, i) => 40 + i));
  await expect(app.field('Pictures')).toHaveValue('1');
  const [first] = await app.make();
  expect(first?.pixels).toBe(pictures[0]?.pixels);
});

test('what was just made can be started from, and is still there after a reload', async ({ app }) => {
  await app.open({ steps: 4, width: 64, height: 72 });
  await app.make();
  const reloaded = app.page.waitForEvent('load');
  await app.page.evaluate(reloadOnceThere);
  await app.button('Start from this').click();
  await reloaded;
  await expect(chosen(app)).toBeVisible();
  await app.make();
});

/** Runs in the page, which it reloads at the moment that shows a start picture. */
function reloadOnceThere(): void {
  new MutationObserver((_, observer) => {
    if (!document.querySelector('img[alt="Start picture"]')) return;
    observer.disconnect();
    location.reload();
  }).observe(document.body, { subtree: true, childList: true });
}

test('an embedding that is dropped on the page is added as an embedding', async ({ app }) => {
  await app.open();
  const path = new URL('../src/pipeline/golden/mystyle.safetensors', import.meta.url).pathname;
  const bytes = [...readFileSync(path)];
  await app.page.evaluate((data) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(data)], 'mystyle.safetensors'));
    document.body.dispatchEvent(
      new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }),
    );
  }, bytes);
  await app.openAdvanced();
  await expect(app.button('Remove mystyle')).toBeVisible();
  await expect(chosen(app)).toBeHidden();
});

test('a picture may be dropped or pasted', async ({ app }) => {
  await app.open();
  for (const kind of ['drop', 'paste'] as const) {
    const bytes = [...(await drawn(app, 64, 64))];
    await app.page.evaluate(
      ([type, data]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(data)], 'picture.png', { type: 'image/png' }));
        const event =
          type === 'drop'
            ? new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
            : new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true });
        document.body.dispatchEvent(event);
      },
      [kind, bytes] as const,
    );
    await expect(chosen(app)).toBeVisible();
    await app.button('Remove the picture').click();
    await expect(chosen(app)).toBeHidden();
  }
});

test('a file that cannot be a start picture is refused with a reason', async ({ app }) => {
  await app.open();
  const good = await drawn(app, 64, 64);
  await input(app).setInputFiles(file(good));
  await expect(chosen(app)).toBeVisible();
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
  for (const [name, content, reason] of [
    ['text.png', 'hello', /not a picture this browser can read/],
    ['drawing.svg', svg, /SVG/],
    [
      'huge.png',
      `\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\x06\0\0\0`,
      /65535 × 65535 pixels is too large/,
    ],
    ['cut.png', good.subarray(0, 60).toString('latin1'), /This picture is cut off/],
    ['page.png', '<!doctype html><title>Sign in</title>', /This file is a web page, not a picture/],
  ] as const)
    await test.step(name, async () => {
      await input(app).setInputFiles(file(Buffer.from(content, 'latin1'), name));
      await expect(app.alert).toContainText(reason);
      await expect(chosen(app)).toBeVisible();
    });
});

test('a strength that leaves no step is refused with a reason', async ({ app }) => {
  await app.open({ steps: 3 });
  await input(app).setInputFiles(file(await drawn(app, 64, 64)));
  await app.field('Strength').fill('0.1');
  await expect(app.page.getByText('Too low for a single step: raise it, or raise Steps.')).toBeVisible();
  await app.generate.click();
  await expect(app.alert).toContainText(/strength/i);
});

test('only what is marked is repainted; the rest stays pixel for pixel', {
  tag: '@firefox',
}, async ({ app }) => {
  await app.open({ steps: 4 });
  await input(app).setInputFiles(file(await drawn(app, 64, 64)));
  await app.field('Strength').fill('1');
  await app.button('Inpaint…').click();
  const mask = maskCanvas(app);
  const box = await mask.boundingBox();
  if (!box) throw new Error('No mask to draw on.');
  await app.button('Soft edge').click();
  // A stroke down the left quarter.
  await app.page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.1);
  await app.page.mouse.down();
  await app.page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.9, { steps: 5 });
  await app.page.mouse.up();
  await app.button('Done').click();
  await expect(app.button('Change the mask…')).toBeVisible();
  await app.field('Mask blur').fill('0');
  await app.make();

  const pixels = await pixelsOf(app.pictures.first());
  expect(count(pixels, BLUE, [32, 0, 64, 64]), 'the right half is all blue still').toBe(32 * 64);
  const red = count(pixels, RED, [0, 0, 32, 64]);
  expect(red, 'a part of the left half is red still').toBeGreaterThan(200);
  expect(red, 'and a part is not').toBeLessThan(32 * 64 - 200);
});

test('the mask is dabbed, undone, inverted and cleared by keyboard', { tag: '@webkit' }, async ({ app }) => {
  await app.open();
  await input(app).setInputFiles(file(await drawn(app, 64, 64)));
  await app.button('Inpaint…').click();
  const mask = maskCanvas(app);
  const marked = () =>
    mask.evaluate((canvas: HTMLCanvasElement) => {
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return data.filter((value, i) => i % 4 === 3 && value > 76).length / (canvas.width * canvas.height);
    });
  expect(await marked()).toBe(0);
  await mask.focus();
  await mask.press(']');
  await mask.press('ArrowLeft');
  await mask.press(' ');
  const dab = await marked();
  expect(dab).toBeGreaterThan(0.005);
  await mask.press('ArrowDown');
  await mask.press(' ');
  expect(await marked()).toBeGreaterThan(dab);
  await mask.press('Control+z');
  expect(await marked()).toBeCloseTo(dab, 5);
  await mask.press('Control+Shift+z');
  expect(await marked()).toBeGreaterThan(dab);
  await app.button('Undo').click();
  expect(await marked()).toBeCloseTo(dab, 5);
  await app.button('Redo').click();
  expect(await marked()).toBeGreaterThan(dab);
  await mask.press('Control+z');
  await app.button('Invert').click();
  expect(await marked()).toBeCloseTo(1 - dab, 1);
  await app.button('Clear').click();
  expect(await marked()).toBe(0);
  await app.button('Done').click();
  await expect(app.button('Inpaint…')).toBeVisible();
});

import type { Locator } from '@playwright/test';
import type { App } from './app.ts';
import { expect, test } from './fixtures.ts';
import { chosen, drawn, file, input } from './init-image.ts';

// No pointer: what a person does with a whole screen, and where the focus is after something has gone.

const isFocused = (target: Locator) => target.evaluate((element) => element === document.activeElement);

/** Presses Tab until the target has the focus. */
async function tabTo(app: App, target: Locator): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < 150; presses++) {
    if (await isFocused(target)) return;
    await app.page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${target}.`);
}

async function enter(app: App, target: Locator): Promise<void> {
  await tabTo(app, target);
  await app.page.keyboard.press('Enter');
}

/** What has the focus once the page has come to rest, by its name; null where nothing has. */
const focused = (app: App): Promise<string | null> =>
  app.page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    return element.getAttribute('aria-label') ?? (element.textContent || element.tagName);
  });

test('a queue is filled, reordered and worked through by keyboard', async ({ app, page }) => {
  await app.open({ steps: 150, width: 128, height: 128, prompt: '' });
  await tabTo(app, app.field('Prompt'));
  for (const word of ['one', 'two', 'three']) {
    await page.keyboard.press('Control+a');
    await page.keyboard.type(word);
    await page.keyboard.press('Control+Enter');
  }
  const line = page.getByRole('button', { name: /^Queue: / });
  await expect(line).toContainText('2 waiting');
  await enter(app, line);
  await enter(app, app.button('Move three up'));
  const waiting = page.getByRole('list', { name: 'Waiting' }).locator('p:first-child');
  await expect(waiting).toHaveText(['three', 'two']);
  await expect.poll(() => focused(app)).toBe('Move three up');
  await enter(app, app.button('Cancel two'));
  await expect(waiting).toHaveText(['three']);
  await expect.poll(() => focused(app)).toBe('Cancel three');
  await enter(app, app.button('Stop all'));
  await expect(app.stop).toHaveCount(0);
  await expect.poll(() => focused(app)).not.toBeNull();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'Queue' })).toBeHidden();
  await expect.poll(() => focused(app)).not.toBeNull();
});

test('pictures of the gallery are selected, deleted and restored by keyboard', async ({ app, page }) => {
  await app.open();
  for (const [prompt, seed] of [
    ['a house', 1],
    ['a frog', 2],
    ['a cat', 3],
  ] as const) {
    await app.follow({ prompt, seed, steps: 1 });
    await app.make();
  }
  await enter(app, app.button('Gallery'));
  const pictures = page.getByRole('list', { name: 'Pictures' }).getByRole('listitem');
  await expect(pictures).toHaveCount(3);
  await tabTo(app, app.button('Open: a cat'));
  await page.keyboard.press('x');
  await page.keyboard.press('ArrowRight');
  await expect(app.button('a frog')).toBeFocused();
  await page.keyboard.press('x');
  await enter(app, app.button('Delete'));
  await expect(pictures).toHaveCount(1);
  await expect(app.button('Open: a house')).toBeVisible();
  await expect.poll(() => focused(app)).toBe('Undo');
  await page.keyboard.press('Enter');
  await expect(pictures).toHaveCount(3);
  await expect.poll(() => focused(app)).not.toBeNull();
});

test('an experiment is set up, run and looked at by keyboard', async ({ app, page }) => {
  await app.open({ seed: 3, steps: 2 });
  await enter(app, app.button('Experiments'));
  const columns = page.getByLabel('Columns', { exact: true });
  await tabTo(app, columns);
  for (let presses = 0; presses < 20 && (await columns.inputValue()) !== 'guidanceScale'; presses++)
    await page.keyboard.press('ArrowDown');
  await expect(columns).toHaveValue('guidanceScale');
  await tabTo(app, page.getByLabel('Values of the columns', { exact: true }));
  await page.keyboard.press('Control+a');
  await page.keyboard.type('2, 7.5');
  await page.keyboard.press('Enter');
  await expect(page.getByText('2 of 2 pictures', { exact: true })).toBeVisible();
  const cell = page.getByRole('button', { name: /^Guidance scale 7\.5/ });
  await enter(app, cell);
  const dialog = page.getByRole('dialog', { name: 'Guidance scale 7.5' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('dialog', { name: 'Guidance scale 2' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(cell).toBeFocused();
});

test('the focus is never lost: what is closed or taken away leaves it to something', async ({
  app,
  page,
}) => {
  await app.open({ images: 2, steps: 'many' });
  /** Opened, if it is to be, then closed by the keyboard; who has the focus then. */
  const after = async (target: Locator, key = 'Enter') => {
    await target.focus();
    await page.keyboard.press(key);
    await expect.poll(() => focused(app), `after ${target}`).not.toBeNull();
    return focused(app);
  };
  const openedBy = async (opener: Locator) => {
    await opener.focus();
    await page.keyboard.press('Enter');
  };

  await after(app.button('Dismiss'));
  await app.make(2);
  const more = app.button('More actions').first();
  await openedBy(more);
  await page.keyboard.press('Escape');
  await expect(more).toBeFocused();
  const picture = page.getByRole('button', { name: 'a red apple' }).first();
  await openedBy(picture);
  await after(app.button('Close'));
  await expect(picture).toBeFocused();

  await input(app).setInputFiles(file(await drawn(app, 64, 64)));
  await expect(chosen(app)).toBeVisible();
  for (const [opener, leave] of [
    ['Inpaint…', 'Discard changes'],
    ['Inpaint…', 'Done'],
    ['Extend…', 'Discard changes'],
    ['Extend…', 'Done'],
  ] as const) {
    await openedBy(app.button(opener));
    expect(await after(app.button(leave)), leave).toBe(opener);
    await expect(page.getByRole('dialog')).toBeHidden();
  }
  await after(app.button('Remove the picture'));
  await app.openAdvanced();
  const embedding = new URL('../src/pipeline/golden/mystyle.safetensors', import.meta.url).pathname;
  await page.getByLabel('Add .safetensors…').setInputFiles(embedding);
  await after(app.button('Remove mystyle'));

  await app.button('Gallery').click();
  const tile = page.getByRole('button', { name: 'Open: a red apple' }).first();
  await openedBy(tile);
  await after(app.button('Close'));
  await expect(tile).toBeFocused();
  await openedBy(tile);
  await after(page.getByRole('dialog').getByRole('button', { name: 'Use these settings' }));
  await expect(app.generate).toBeVisible();

  await app.button('Experiments').click();
  await app.button('Nine seeds').click();
  await after(app.button('Stop the experiment'));
  await after(page.getByRole('button', { name: /^Delete Seed/ }));
  await after(app.button('Undo'));
});

import type { App } from './app.ts';
import { findings } from './axe.ts';
import { addLayer, installSteered, layerGroup, shownMap } from './control-layer.ts';
import { expect, test } from './fixtures.ts';
import { chosen, drawn } from './init-image.ts';
import { readPng } from './png.ts';

test('a control layer steers the picture, is kept between visits, and can be painted on', async ({
  app,
  page,
}) => {
  await installSteered(app);
  const settings = { model: 'test/tiny' };
  await app.open(settings);
  await app.button('Lock seed').click();
  const [without] = await app.make();
  await addLayer(app);
  await expect(layerGroup(app).getByText('edges (Canny)')).toBeVisible();
  const [steered] = await app.make();
  expect(steered?.pixels).not.toBe(without?.pixels);
  const map = await shownMap(app);

  await app.open(settings);
  await expect.poll(() => shownMap(app)).toBe(map);
  const [again] = await app.make();
  expect(again?.pixels).toBe(steered?.pixels);

  await app.field('Control strength').fill('0');
  const [unsteered] = await app.make();
  expect(unsteered?.pixels).toBe(without?.pixels);
  await app.field('Control strength').fill('1');

  await app.button('Look at the map, or paint on it').click();
  await page.getByRole('application', { name: /^Map/ }).press(' ');
  await app.button('Done').click();
  await expect.poll(() => shownMap(app)).not.toBe(map);
  const [painted] = await app.make();
  expect(painted?.pixels).not.toBe(steered?.pixels);
  expect(painted?.parameters).toContain('ControlNet 0: "Module: canny, Model: test/canny, Weight: 1, ');
  expect(new URL(page.url()).hash).toContain('control=canny+1+0-1+test%2Fcanny');

  await app.button('Remove control layer 1').click();
  await expect(layerGroup(app)).toBeHidden();
  await app.button('Gallery').click();
  await page
    .getByRole('button', { name: /^Open: / })
    .first()
    .click();
  const detail = page.getByRole('dialog');
  await expect(detail.getByText('canny · Edges (Canny) · strength 1')).toBeVisible();
  await detail.getByRole('button', { name: 'Use these settings' }).click();
  await expect(layerGroup(app), 'it comes with the map that was painted on').toBeVisible();
  await expect(page.getByText('From the gallery; the form has other settings.')).toBeHidden();
  const [restored] = await app.make();
  expect(restored?.pixels).toBe(painted?.pixels);

  await app.button('Experiments').click();
  await page.getByLabel('Columns', { exact: true }).selectOption({ label: 'Strength of the control layers' });
  await page.getByLabel('Values of the columns', { exact: true }).fill('0, 0.5');
  await app.button('Start').click();
  await expect(page.getByText('2 of 2 pictures', { exact: true })).toBeVisible();
  const labels = ['Strength of the control layers 0', 'Strength of the control layers 0.5'];
  const weights = labels.map(async (name) => {
    const bytes = await page
      .getByRole('img', { name, exact: true })
      .evaluate(async (image: HTMLImageElement) => [
        ...new Uint8Array(await (await fetch(image.src)).arrayBuffer()),
      ]);
    return /, Weight: ([\d.]+), /.exec(readPng(Buffer.from(bytes)).parameters)?.[1];
  });
  expect(await Promise.all(weights)).toEqual(['0', '0.5']);
});

test('what keeps a layer from a run is said at the layer, and nothing is painted', async ({ app, page }) => {
  await app.open();
  await page.getByRole('heading', { name: 'Control', exact: true }).click();
  await app.button('Add a control layer').click();
  await expect(layerGroup(app).getByText(/^There are no control models for /)).toBeVisible();
  await page.getByRole('heading', { name: 'Control', exact: true }).click();
  await app.generate.click();
  await expect(page.getByText('Nothing was painted: control layer 1 cannot be used yet.')).toBeVisible();
  await expect(app.field('Use this layer'), 'and no button that removes it').toBeFocused();
  await layerGroup(app)
    .locator('input[type=file]')
    .setInputFiles({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await expect(
    layerGroup(app)
      .getByText(/not a picture|no picture/i)
      .first(),
  ).toBeVisible();
  await dropOnWell(app);
  await expect(layerGroup(app).getByRole('alert')).toBeHidden();
  await expect(chosen(app)).toBeHidden();
  expect(await findings(page)).toEqual([]);
  await app.button('Remove control layer 1').click();
  await app.make();
});

/** Drops a picture on the first layer's place for one. */
async function dropOnWell(app: App): Promise<void> {
  const png = (await drawn(app, 16, 16)).toString('base64');
  const dataTransfer = await app.page.evaluateHandle(async (base64) => {
    const blob = await (await fetch(`data:image/png;base64,${base64}`)).blob();
    const data = new DataTransfer();
    data.items.add(new File([blob], 'dropped.png', { type: 'image/png' }));
    return data;
  }, png);
  await layerGroup(app).getByRole('group', { name: 'Picture' }).dispatchEvent('drop', { dataTransfer });
}

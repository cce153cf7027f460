import { addLayer, installSteered, layerGroup, shownMap } from './control-layer.ts';
import { expect, test } from './fixtures.ts';
import { Hub, readFolder } from './hub.mjs';

// Maps that a network makes: a small random Depth Anything, from the Hub.

const path = (relative: string) => new URL(relative, import.meta.url).pathname;

test('a depth estimator is downloaded, and makes the map of a layer whose model reads depth', async ({
  app,
  page,
}) => {
  await installSteered(app, path('../src/pipeline/golden/controls/depth.safetensors'));
  const hub = await Hub.start();
  const files = [...readFolder(path('../src/pipeline/golden/depth'))];
  const published = files.filter(([name]) => /^(config|preprocessor_config)\.json$|^onnx/.test(name));
  hub.repos.set('test/depth-anything', { files: new Map(published), licence: 'apache-2.0' });
  await page.getByLabel('Mirror', { exact: true }).fill(hub.url);
  await page.getByLabel('Repository', { exact: true }).fill('test/depth-anything');
  await app.button('Look up').click();
  await expect(page.getByText('a depth estimator, for control layers')).toBeVisible();
  await app.button('Download').click();
  await expect(app.button('Delete depth-anything')).toBeVisible();
  await hub.close();

  await app.open({ model: 'test/tiny' });
  await addLayer(app);
  await expect(layerGroup(app).getByRole('combobox', { name: 'Control model' })).toHaveValue(
    'disk:depth.safetensors',
  );
  const seen = await page.evaluate(
    async (url) => {
      const bitmap = await createImageBitmap(await (await fetch(url)).blob());
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      context?.drawImage(bitmap, 0, 0);
      const data = [...(context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? [])];
      const greys = data.filter((_, i) => i % 4 === 0);
      return {
        isGrey: greys.every((grey, i) => data[i * 4 + 1] === grey && data[i * 4 + 2] === grey),
        kinds: new Set(greys).size,
        nearest: Math.max(...greys),
        farthest: Math.min(...greys),
      };
    },
    await shownMap(app),
  );
  expect(seen).toMatchObject({ isGrey: true, nearest: 255, farthest: 0 });
  // Neither black and white, as edges are, nor one grey.
  expect(seen.kinds).toBeGreaterThan(20);
});

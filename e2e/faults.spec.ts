import { readdirSync } from 'node:fs';
import { expect, test } from './fixtures.ts';
import type { Fault } from './server.mjs';

const ASSETS = new URL('../dist/assets', import.meta.url).pathname;
const WEIGHTS = 'unet/diffusion_pytorch_model.safetensors';

for (const [fault, file] of [
  ['missing', WEIGHTS],
  ['missing', 'tokenizer/vocab.json'],
  ['truncated', WEIGHTS],
  ['corrupted', WEIGHTS],
  ['truncated', 'text_encoder/config.json'],
  ['missing', 'manifest.json'],
] as const satisfies (readonly [Fault, string])[]) {
  test(`a ${fault} ${file} is named, and the app works again once the file is whole`, async ({
    app,
    server,
  }) => {
    server.faults.set(`/models/trinket/${file}`, fault);
    await app.open({ steps: 1 });
    await app.generate.click();
    await expect(app.alert).toContainText(file);
    await expect(app.field('Prompt')).toHaveValue('a red apple');

    server.faults.clear();
    await app.generate.click();
    await expect(app.pictures).toHaveCount(1);
    await expect(app.alert).toHaveCount(0);
  });
}

test('without WebGPU the CPU runs, and the page says why', async ({ app }) => {
  await app.open({ device: 'auto', steps: 1 });
  await app.make();
  await expect(app.outcome).toContainText(/ · CPU · \d+ threads?/);
  await expect(app.outcome).toContainText(/ This browser (does not support WebGPU|found no usable GPU)\.$/);
});

test('a clock that is set forth and back during a run changes neither its picture nor how long it took', async ({
  app,
  page,
}) => {
  await app.open({ steps: 20 });
  await app.button('Lock seed').click();
  const [before] = await app.make();
  await app.forgetDraws();
  await app.generate.click();
  for (const days of [1, -2]) {
    await app.drawn();
    await page.evaluate(setClock, days);
    for (const worker of page.workers()) await worker.evaluate(setClock, days);
    await app.forgetDraws();
  }
  const [picture] = await app.arrived();
  expect(picture?.pixels).toBe(before?.pixels);
  await expect(app.outcome).toBeVisible();
  await app.button('Gallery').click();
  await expect(page.getByText('1 picture ·'), 'the same twice').toBeVisible();
});

/** Runs in the page or a worker: its clock goes on so many days later. */
function setClock(days: number): void {
  const Before = Date;
  globalThis.Date = class extends Before {
    constructor(...parts: []) {
      super(...((parts.length > 0 ? parts : [Before.now() + days * 86_400_000]) as []));
    }

    static override now() {
      return Before.now() + days * 86_400_000;
    }
  } as DateConstructor;
}

/** An exception that nobody catches fires an event; a worker that is closed, or that the browser ends, just falls silent. */
const ENDS = {
  crashed: () => {
    setTimeout(() => {
      throw new Error('An exception nobody catches.');
    });
  },
  'ended without a word': () => close(),
};

for (const [how, end] of Object.entries(ENDS))
  test(`the page says when the worker has ${how}, and the next Generate starts a new one`, async ({
    app,
    page,
  }) => {
    await app.open({ steps: 150 });
    await app.generate.click();
    await app.drawn();
    // One of them paints, the other looks after the models.
    // It may be gone before it can answer.
    for (const worker of page.workers()) await worker.evaluate(end).catch(() => {});
    await expect(app.alert).toBeVisible();
    await app.field('Steps').fill('2');
    await app.generate.click();
    await expect(app.pictures).toHaveCount(1);
    await expect(app.alert).toHaveCount(0);
  });

test.describe('a GPU on which the engine dies', () => {
  // The worker's script comes from the server, not from a service worker.
  test.use({ visit: 'first' });

  test('is given up after two runs, the page says so, and it can be tried again', async ({
    app,
    page,
    server,
  }) => {
    const script = readdirSync(ASSETS).find((name) => /^main-.*\.js$/.test(name));
    server.replaced.set(`/assets/${script}`, (body) =>
      Buffer.concat([Buffer.from(`(${deadlyGpu})();`), body]),
    );
    const device = page.getByRole('banner');
    const notice = page.getByText(/^The CPU is used because the GPU failed twice\./);
    await app.open({ device: 'auto', steps: 1 });
    await expect(device).toContainText('WebGPU · Test GPU');
    for (const _ of ['first', 'second']) {
      await app.generate.click();
      await expect(app.alert).toBeVisible();
    }
    await expect(notice).toBeVisible();
    await expect(device).toContainText(/CPU · \d+ threads?/);
    await app.make();
    await expect(app.outcome).toContainText(/ · CPU · \d+ threads?/);
    await app.button('Try the GPU again').click();
    await expect(device).toContainText('WebGPU · Test GPU');
    await expect(notice).toBeHidden();
  });
});

/** Runs in the worker before its script: a GPU whose first device ends the worker. */
function deadlyGpu() {
  const adapter = {
    info: { description: 'Test GPU' },
    features: new Set(),
    limits: {},
    requestDevice: () => {
      close();
      return new Promise(() => {});
    },
  };
  Object.defineProperty(navigator, 'gpu', { value: { requestAdapter: async () => adapter } });
}

test.describe('a first visit', () => {
  test.use({ visit: 'first' });

  test('a screen whose script does not come says so, and can be tried again', async ({
    app,
    page,
    server,
  }) => {
    const script = readdirSync(ASSETS).find((name) => /^ModelsScreen-.*\.js$/.test(name));
    server.faults.set(`/assets/${script}`, 'missing');
    await app.visit();
    await app.button('Models').click();
    await expect(app.alert).toContainText('This part of Safelight could not be loaded.');
    server.faults.clear();
    await app.button('Try again').click();
    await expect(page.getByLabel('Repository', { exact: true })).toBeVisible();
  });
});

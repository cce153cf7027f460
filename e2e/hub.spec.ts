import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import type { App, Settings } from './app.ts';
import { test as base, expect } from './fixtures.ts';
import { Hub, readFolder } from './hub.mjs';

const path = (relative: string) => new URL(relative, import.meta.url).pathname;
const FAMILIES = path('../src/pipeline/golden/families');
const LICENCE = 'creativeml-openrail-m';

const test = base.extend<{ readonly hub: Hub }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's pattern.
  hub: async ({}, use) => {
    const hub = await Hub.start();
    hub.repos.set('test/tiny', { files: readFolder(path('tiny-model')), licence: LICENCE });
    await use(hub);
    await hub.close();
  },
});

interface FamilyRun {
  readonly family: string;
  readonly prompt: string;
  readonly negative: string;
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  readonly guidance: number;
  readonly seed: number;
  readonly scheduler: string;
  readonly [more: string]: unknown;
}
const { runs } = JSON.parse(readFileSync(`${FAMILIES}/runs.json`, 'utf8')) as { runs: FamilyRun[] };
/** The first run of each family that is text to image with the repository as it is. */
const PLAIN = runs
  .map((run, i) => ({ run, i }))
  .filter(({ run }) => !('like' in run) && !('strength' in run))
  .filter(({ run }, i, all) => all.findIndex((other) => other.run.family === run.family) === i);

/** The Models screen with the mirror set to the test's hub. */
async function openModels(app: App, hub: Hub): Promise<void> {
  await app.button('Models').click();
  const settings = app.page.getByText('Hub settings');
  await settings.click();
  await app.page.getByLabel('Mirror', { exact: true }).fill(hub.url);
}

async function lookUp(app: App, name: string): Promise<void> {
  await app.page.getByLabel('Repository', { exact: true }).fill(name);
  await app.button('Look up').click();
}

const onDevice = (page: Page) => page.getByRole('region', { name: 'On this device' });

/** Downloads a repository by its name, and waits until it can be used. */
async function install(app: App, hub: Hub, name: string, label: string): Promise<void> {
  await openModels(app, hub);
  await lookUp(app, name);
  await app.button('Download').click();
  await expect(app.button(`Use ${label}`)).toBeVisible();
}

/** The pixels of the only picture, RGB, row by row. */
async function pixels(app: App): Promise<number[]> {
  return app.pictures.first().evaluate(async (image: HTMLImageElement) => {
    const bitmap = await createImageBitmap(await (await fetch(image.src)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(bitmap, 0, 0);
    return Array.from(context.getImageData(0, 0, bitmap.width, bitmap.height).data).filter(
      (_, i) => i % 4 !== 3,
    );
  });
}

const worst = (found: readonly number[], expected: Uint8Array) =>
  found.length === expected.length
    ? found.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] as number))), 0)
    : Number.POSITIVE_INFINITY;

const settingsOf = ({
  prompt,
  negative,
  width,
  height,
  steps,
  guidance,
  seed,
  scheduler,
}: FamilyRun): Settings => ({
  ...{ prompt, negative, width, height, steps, guidance, seed },
  sampler: scheduler,
});

for (const { run, i } of PLAIN) {
  test(`${run.family}: its name is pasted, it is fetched, and it paints what diffusers paints`, async ({
    app,
    hub,
  }) => {
    hub.repos.set(`test/${run.family}`, { files: readFolder(`${FAMILIES}/${run.family}`), licence: LICENCE });
    await app.open();
    await install(app, hub, `https://huggingface.co/test/${run.family}`, run.family);
    await app.button(`Use ${run.family}`).click();
    await expect(app.field('Model')).toHaveValue(`test/${run.family}`);
    await app.follow({ ...settingsOf(run), model: `test/${run.family}` });
    await app.make();
    const expected = readFileSync(`${FAMILIES}/${i}.rgb`);
    expect(worst(await pixels(app), expected)).toBeLessThanOrEqual(2);
    expect(hub.sent.every(({ referrer, authorization }) => !referrer && !authorization)).toBe(true);
  });
}

for (const i of [12, 6]) {
  const run = runs[i] as FamilyRun;
  test(`${run.family} as ready-made ONNX graphs is found by its name, and paints what diffusers paints`, async ({
    app,
    hub,
  }) => {
    hub.repos.set('test/ready', { files: readFolder(path(`../src/pipeline/golden/onnx/${run.family}`)) });
    await app.open();
    await install(app, hub, 'test/ready', 'ready');
    await expect(app.button('Make a copy of ready in 8 bits')).toBeHidden();
    await app.follow({ ...settingsOf(run), model: 'test/ready' });
    await app.make();
    expect(worst(await pixels(app), readFileSync(`${FAMILIES}/${i}.rgb`))).toBeLessThanOrEqual(2);
    await app.field('Prompt').fill('a cat <lora:style:1>');
    await app.generate.click();
    await expect(app.alert).toContainText('There is no LoRA named style');
  });
}

test('the page says what a model is, and what it costs, before it is downloaded', async ({ app, hub }) => {
  await app.open();
  await openModels(app, hub);
  await lookUp(app, 'test/tiny');
  const offer = app.page.getByRole('region', { name: 'Found test/tiny' });
  await expect(offer).toContainText(LICENCE);
  await expect(offer).toContainText(/\d MB to download,/);
  await expect(offer).toContainText(
    /about [\d.]+ MB while running at 64 × 64; from [\d.]+ MB with an 8-bit copy/,
  );
  expect(hub.sent.filter(({ path }) => path.endsWith('.safetensors'))).toEqual([]);
  await app.button('Not now').click();
  await expect(offer).toBeHidden();
});

test('a model that was downloaded once needs the hub no more, and paints what diffusers paints', async ({
  app,
  hub,
}) => {
  await app.open();
  await install(app, hub, 'test/tiny', 'tiny');
  await hub.close();
  const elsewhere: string[] = [];
  const { origin } = new URL(app.page.url());
  app.page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !/^(blob|data):/.test(request.url()))
      elsewhere.push(request.url());
  });
  const run = plainRuns.runs[1] as PlainRun;
  await app.open({ ...settingsOf(run), model: 'test/tiny' });
  await app.make();
  expect(worst(await pixels(app), readFileSync(`${GOLDEN}/1.rgb`))).toBeLessThanOrEqual(2);
  expect(elsewhere).toEqual([]);
});

test('a model that is deleted is gone, and what another model shares with it is not', async ({
  app,
  hub,
}) => {
  hub.repos.set('test/twin', {
    files: new Map([
      ...readFolder(path('tiny-model')),
      ['model_index.json', Buffer.from(readFileSync(path('tiny-model/model_index.json'), 'utf8').trimEnd())],
    ]),
  });
  await app.open();
  await install(app, hub, 'test/tiny', 'tiny');
  const sent = hub.sent.length;
  await lookUp(app, 'test/twin');
  await expect(app.page.getByRole('region', { name: 'Found test/twin' })).toContainText(
    'all of it already here',
  );
  await app.button('Download').click();
  await expect(app.button('Use twin')).toBeVisible();
  expect(hub.sent.slice(sent).filter(({ path }) => path.endsWith('.safetensors'))).toEqual([]);

  await app.button('Delete tiny').click();
  await app.page.getByRole('button', { name: /^Delete \d/ }).click();
  await expect(app.button('Use tiny')).toBeHidden();
  await app.follow({ model: 'test/twin' });
  await app.make();
  await app.button('Models').click();
  await app.button('Delete twin').click();
  await app.page.getByRole('button', { name: /^Delete \d/ }).click();
  await expect(app.button('Use twin')).toBeHidden();
  expect(await storedFiles(app.page)).toEqual([]);
  // The form used it.
  await app.button('Create').click();
  await app.make();
  await expect(app.field('Width')).toHaveValue('128');
});

/** The names of all that lies in the store. */
function storedFiles(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('safelight%2Fblobs', { create: true });
    const names: string[] = [];
    for await (const name of folder.keys()) names.push(name);
    return names;
  });
}

test('a mirror that the page may not ask is refused as it is typed, and each server has a token of its own', async ({
  app,
}) => {
  const { page } = app;
  await app.open();
  await app.button('Models').click();
  await page.getByText('Hub settings').click();
  const [mirror, token] = [
    page.getByLabel('Mirror', { exact: true }),
    page.getByLabel('Access token', { exact: true }),
  ];
  await token.fill('hf_hub');
  for (const [address, words] of [
    ['mirror.example', 'must start with https://'],
    ['http://mirror.example', 'Others could read and change'],
    ['https://me:word@mirror.example', 'with a user name or a password in it'],
  ] as const) {
    await mirror.fill(address);
    await expect(page.getByText(words)).toBeVisible();
    await expect(mirror).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByText('It is sent to huggingface.co and nowhere else')).toBeVisible();
  }
  await mirror.fill('https://mirror.example:8443/hub');
  await expect(page.getByText('It is sent to mirror.example:8443 and nowhere else')).toBeVisible();
  await expect(token).toHaveValue('');
  await mirror.fill('');
  await expect(token).toHaveValue('hf_hub');
});

test('a pull request’s files, by the address of its page', async ({ app, hub }) => {
  hub.repos.set('test/pickled', {
    files: new Map([['model.ckpt', randomBytes(9)]]),
    revisions: new Map([['refs/pr/6', readFolder(path('tiny-model'))]]),
  });
  await app.open();
  await openModels(app, hub);
  await lookUp(app, 'test/pickled');
  await expect(app.alert).toContainText('only pickle files');
  await lookUp(app, 'https://huggingface.co/test/pickled/tree/refs%2Fpr%2F6');
  await app.button('Download').click();
  await expect(app.button('Use pickled')).toBeVisible();
});

test('a model that is not here is named, and says where to get it', async ({ app }) => {
  await app.open({ model: 'nobody/nothing' });
  await expect(app.page.getByText('nothing is not on this device. Get it under Models.')).toBeVisible();
  await app.generate.click();
  await expect(app.alert).toContainText('nobody/nothing is not on this device.');
  await expect(app.alert).toContainText('Open Models to download it');
});

/** A repository whose U-Net is so large that its download can be seen. */
function large(hub: Hub, bytes: number): string {
  const files = readFolder(path('tiny-model'));
  files.set('unet/diffusion_pytorch_model.safetensors', randomBytes(bytes));
  hub.repos.set('test/large', { files, licence: LICENCE });
  return 'test/large/unet/diffusion_pytorch_model.safetensors';
}

test('a tab that is closed ten times on the way fetches no byte twice', async ({
  app,
  hub,
  context,
  server,
}) => {
  const size = 12_000_000;
  const file = large(hub, size);
  hub.delayMs = 8;
  await app.open();
  await openModels(app, hub);
  await lookUp(app, 'test/large');
  await app.button('Download').click();
  let page = app.page;
  for (let kill = 0; kill < 10; kill++) {
    const goal = hub.bytesSent(file) + Math.round(Math.random() * 900_000);
    // However long the tab takes to go, something is left for ten of them.
    hub.limit = goal + 100_000;
    await expect.poll(() => hub.bytesSent(file), { intervals: [20] }).toBeGreaterThan(goal);
    await page.close({ runBeforeUnload: false });
    page = await context.newPage();
    await page.goto(server.url);
    await page.getByRole('button', { name: 'Models', exact: true }).click();
    await expect(onDevice(page)).toContainText('paused');
    await page.getByRole('button', { name: 'Resume large', exact: true }).click();
  }
  hub.delayMs = 0;
  hub.limit = Number.POSITIVE_INFINITY;
  await expect(page.getByRole('button', { name: 'Use large', exact: true })).toBeVisible();
  // What was on its way when the tab was closed was sent in vain: a piece in the server's hands, and what the pipes hold.
  expect(hub.bytesSent(file)).toBeLessThanOrEqual(size + 10 * 2_000_000);
  const found = await page.evaluate(async (oid) => {
    const root = await navigator.storage.getDirectory();
    const handle = await (await root.getDirectoryHandle('safelight%2Fblobs')).getFileHandle(oid);
    const bytes = await (await handle.getFile()).arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }, hub.oid(file));
  expect(found).toBe(hub.oid(file));
});

test('a paused download is resumed, and shows how far it is', { tag: '@firefox' }, async ({ app, hub }) => {
  const file = large(hub, 12_000_000);
  hub.delayMs = 60;
  await app.open();
  await openModels(app, hub);
  await lookUp(app, 'test/large');
  await app.button('Download').click();
  const bar = app.page.getByRole('progressbar', { name: 'Download of large' });
  await expect(bar).toHaveAttribute('aria-valuetext', /MB of \d.* · .*\/s · .* left/);
  await app.button('Pause large').click();
  await expect(app.button('Resume large')).toBeVisible();
  const before = hub.bytesSent(file);
  await expect.poll(() => hub.sent.every(({ isOver }) => isOver), 'nothing more is on its way').toBe(true);
  expect(hub.bytesSent(file) - before).toBeLessThan(200_000);
  hub.delayMs = 0;
  await app.button('Resume large').click();
  await expect(app.button('Use large')).toBeVisible();
  expect(hub.sent.filter((sent) => sent.path === file).at(-1)?.status).toBe(206);
});

test('a second tab waits for the first, shows how far it is, and fetches nothing itself', async ({
  app,
  hub,
  context,
  server,
}) => {
  const file = large(hub, 12_000_000);
  // It is still under way when a slow machine has opened the second tab.
  hub.delayMs = 240;
  await app.open();
  await openModels(app, hub);
  await lookUp(app, 'test/large');
  await app.button('Download').click();
  await expect.poll(() => hub.bytesSent(file)).toBeGreaterThan(200_000);
  const second = await context.newPage();
  await second.goto(server.url);
  await second.getByRole('button', { name: 'Models', exact: true }).click();
  await second.getByRole('button', { name: 'Resume large', exact: true }).click();
  const bar = second.getByRole('progressbar', { name: 'Download of large' });
  const far = async () => Number(await bar.getAttribute('value'));
  await expect.poll(far).toBeGreaterThan(1_000_000);
  const then = await far();
  await expect.poll(far).toBeGreaterThan(then);
  hub.delayMs = 0;
  for (const page of [app.page, second])
    await expect(page.getByRole('button', { name: 'Use large', exact: true })).toBeVisible();
  // Beside the download only the header was asked for, and, as these bytes are none, what they are instead: once.
  const asked = hub.sent.filter((sent) => sent.path === file).map(({ range }) => range);
  expect(asked).toEqual(['bytes=0-7', 'bytes=0-511', undefined]);
});

test.describe('a server’s faults end in success, or in words', () => {
  const UNET = 'test/tiny/unet/diffusion_pytorch_model.safetensors';
  test('a connection that breaks, too many requests, a fault of its own, bytes that are wrong, redirects in a ring: each file is asked for again', async ({
    app,
    hub,
  }) => {
    const faults = {
      'unet/diffusion_pytorch_model.safetensors': { kind: 'broken-off', afterBytes: 50_000, times: 1 },
      'vae/diffusion_pytorch_model.safetensors': { kind: 'wrong-bytes', times: 1 },
      'text_encoder/model.safetensors': { kind: 429, retryAfter: 1, times: 1 },
      'tokenizer/vocab.json': { kind: 503, times: 2 },
      'scheduler/scheduler_config.json': { kind: 'ring', times: 1 },
    } as const;
    for (const [file, fault] of Object.entries(faults))
      hub.faults.set(`test/tiny/${file}`, { ...fault, sparesHeaders: true });
    await app.open();
    await install(app, hub, 'test/tiny', 'tiny');
    for (const [file, { times }] of hub.faults)
      expect(times, `${file} was answered wrongly so often as it should be`).toBe(0);
    await app.follow({ model: 'test/tiny' });
    await app.make();
  });

  test('the page says what the answer is where it is wrong for ever, and what had arrived is kept', async ({
    app,
    hub,
  }) => {
    const text = 'test/tiny/text_encoder/model.safetensors';
    await app.open();
    await openModels(app, hub);
    await lookUp(app, 'test/tiny');
    for (const [i, [kind, words]] of (
      [
        [404, '404'],
        ['web-page', 'a web page instead of the file'],
        ['wrong-bytes', 'is damaged'],
        ['too-long', 'is damaged'],
        [403, 'open only to people who have accepted its terms'],
      ] as const
    ).entries())
      await test.step(String(kind), async () => {
        let answer = () => {};
        const after = new Promise<void>((resolve) => {
          answer = resolve;
        });
        hub.faults.set(UNET, { kind, after, sparesHeaders: true });
        await app.button(i === 0 ? 'Download' : 'Resume tiny').click();
        await expect(app.alert).toHaveCount(0);
        await expect.poll(() => storedFiles(app.page)).toContain(hub.oid(text));
        answer();
        await expect(app.alert).toContainText(words);
        await expect(app.button('Use tiny')).toBeHidden();
      });
    hub.faults.clear();
    await app.button('Resume tiny').click();
    await expect(app.button('Use tiny')).toBeVisible();
    expect(hub.sent.filter(({ path, range }) => path === text && range === undefined)).toHaveLength(1);
  });

  test('a name that leads nowhere is refused with a reason', async ({ app, hub }) => {
    hub.repos.set('test/pickles', { files: new Map([['model.ckpt', randomBytes(9)]]) });
    hub.repos.set('test/closed', { files: readFolder(path('tiny-model')), token: 'hf_please' });
    await app.open();
    await openModels(app, hub);
    for (const [name, text] of [
      ['nonsense', 'is not a repository name'],
      ['test/missing', 'No public repository named test/missing'],
      ['test/pickles', 'only pickle files, which can run code'],
      ['test/closed', 'test/closed is open only to people who have accepted its terms'],
      ['test/tiny@v9', 'test/tiny has no revision v9'],
      ['https://civitai.com/models/25694', 'civitai.com is not the Hugging Face Hub'],
    ] as const) {
      await lookUp(app, name);
      await expect(app.alert).toContainText(text);
    }
    await app.page.getByLabel('Access token', { exact: true }).fill('hf_expired');
    await lookUp(app, 'test/tiny');
    await expect(app.alert).toContainText('The Hub does not accept the access token');
    await app.page.getByLabel('Access token', { exact: true }).fill('hf_please');
    await lookUp(app, 'test/closed');
    await app.button('Download').click();
    await expect(app.button('Use closed')).toBeVisible();
    await app.page.reload();
    await app.button('Models').click();
    await app.page.getByText('Hub settings').click();
    await expect(app.page.getByLabel('Access token', { exact: true })).toHaveValue('');
    await expect(app.page.getByLabel('Mirror', { exact: true })).toHaveValue(hub.url);
  });

  test('a search by words says what can run here, and a press looks it up; a server that is busy is named', async ({
    app,
    hub,
    page,
  }) => {
    const listed = { pipeline_tag: 'text-to-image', downloads: 1200, gated: false };
    hub.listed = [
      {
        ...listed,
        id: 'test/tiny',
        tags: ['license:mit'],
        config: { diffusers: { _class_name: 'StableDiffusionPipeline' } },
      },
      { ...listed, id: 'test/tiny-flux', tags: ['diffusers:FluxPipeline'] },
    ];
    await app.open();
    await openModels(app, hub);
    const words = page.getByLabel('Words in a model’s name');
    await words.fill('tiny');
    expect(hub.searches, 'nothing is sent while it is typed').toEqual([]);
    hub.searchFault = { status: 429, body: '' };
    await app.button('Search').click();
    await expect(app.alert).toContainText('asked too much at the moment (429)');
    hub.searchFault = null;
    await app.button('Search').click();
    await expect(page.getByRole('search')).toContainText('2 models found');
    await expect(page.getByRole('search')).toContainText('1.2K downloads in 30 days');
    await page.getByText('1 more that cannot run here').click();
    await expect(page.getByRole('search')).toContainText('made for another kind of model (FluxPipeline)');
    await app.button('Look up test/tiny').click();
    await expect(page.getByLabel('Repository', { exact: true })).toHaveValue('test/tiny');
    await expect(page.getByRole('region', { name: 'Found test/tiny' })).toBeVisible();
  });

  test('without room the page says so, and what has arrived is kept', async ({ app, hub }) => {
    large(hub, 30_000_000);
    await app.open();
    const cdp = await app.page.context().newCDPSession(app.page);
    const { origin } = new URL(app.page.url());
    await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 12_000_000 });
    await openModels(app, hub);
    await lookUp(app, 'test/large');
    await app.button('Download').click();
    await expect(app.alert).toContainText('no space left on this device');
    await cdp.send('Storage.overrideQuotaForOrigin', { origin });
    await app.button('Resume large').click();
    await expect(app.button('Use large')).toBeVisible();
  });
});

interface PlainRun extends FamilyRun {
  readonly scheduler_config?: unknown;
}
const GOLDEN = path('../src/pipeline/golden');
const plainRuns = JSON.parse(readFileSync(`${GOLDEN}/runs.json`, 'utf8')) as { runs: PlainRun[] };

test('a VAE from another repository decodes, and shows every step in full', async ({ app, hub }) => {
  const i = 4;
  const run = plainRuns.runs[i] as PlainRun;
  hub.repos
    .get('test/tiny')
    ?.files.set('scheduler/scheduler_config.json', Buffer.from(JSON.stringify(run.scheduler_config)));
  const vae = readFolder(path('../src/models/golden/vae-tiny'));
  const weights = vae.get('model.safetensors') as Buffer;
  hub.repos.set('test/taesd', {
    files: new Map([
      ['config.json', vae.get('config.json') as Buffer],
      ['diffusion_pytorch_model.safetensors', weights],
      ['taesd_encoder.safetensors', randomBytes(99)],
    ]),
    licence: 'mit',
  });
  await app.open();
  await install(app, hub, 'test/tiny', 'tiny');
  await lookUp(app, 'test/taesd');
  await expect(app.page.getByRole('region', { name: 'Found test/taesd' })).toContainText(
    'a VAE for other models',
  );
  await app.button('Download').click();
  await expect(app.button('Delete taesd')).toBeVisible();
  await app.open({ ...settingsOf(run), model: 'test/tiny' });
  await app.make();
  const own = await pixels(app);
  expect(await canvasSizes(app)).toContain('8×12');

  await app.open({ ...settingsOf(run), model: 'test/tiny' });
  await app.field('VAE').selectOption('taesd');
  await app.field('Previews').selectOption('taesd');
  await app.make();
  const expected = readFileSync(`${GOLDEN}/${i}.rgb`);
  expect(worst(await pixels(app), expected)).toBeLessThanOrEqual(2);
  expect(worst(own, expected)).toBeGreaterThan(20);
  expect(await canvasSizes(app)).toEqual(['64×96']);
});

/** The sizes of what was drawn since the page was loaded. */
async function canvasSizes(app: App): Promise<string[]> {
  return [...new Set((await app.draws()).map(({ size }) => size))];
}

test('a LoRA from disk is called by the prompt, and paints what diffusers paints with it fused', async ({
  app,
  page,
  server,
}) => {
  // The model of that picture.
  server.overlays.set('/models/trinket', path('tiny-model'));
  const { runs } = JSON.parse(readFileSync(`${GOLDEN}/lora/runs.json`, 'utf8')) as { runs: FamilyRun[] };
  const run = runs[0] as FamilyRun;
  await app.open();
  await app.button('Models').click();
  await page.locator('input[type=file]').setInputFiles(`${GOLDEN}/lora/kohya.safetensors`);
  await expect(onDevice(page)).toContainText('a LoRA');
  await app.follow(settingsOf(run));
  await app.make();
  const expected = readFileSync(`${GOLDEN}/lora/0.rgb`);
  expect(worst(await pixels(app), expected)).toBeGreaterThan(20);
  await app.openAdvanced();
  await app.button('Add kohya to the prompt').click();
  await expect(app.field('Prompt')).toHaveValue(`${run.prompt} <lora:kohya:1>`);
  await app.follow({ ...settingsOf(run), prompt: `<lora:kohya:0.8>${run.prompt}` });
  await app.make();
  expect(worst(await pixels(app), expected)).toBeLessThanOrEqual(2);
  await app.field('Prompt').fill(`${run.prompt} <lora:missing:1>`);
  await app.generate.click();
  await expect(app.alert).toContainText('There is no LoRA named missing on this device');
});

test('a file that is not a model is refused before it is copied', async ({ app, page }) => {
  await app.open();
  await app.button('Models').click();
  await page.locator('input[type=file]').setInputFiles({
    name: 'embedding.safetensors',
    mimeType: 'application/octet-stream',
    buffer: readFileSync(`${GOLDEN}/mystyle.safetensors`),
  });
  await expect(app.alert).toContainText('embedding.safetensors');
  expect(await storedFiles(page)).toEqual([]);
});

test.describe('a checkpoint in one file', () => {
  const { runs } = JSON.parse(readFileSync(`${GOLDEN}/single-file/runs.json`, 'utf8')) as {
    runs: (FamilyRun & { readonly name: string })[];
  };
  const checkpoint = (name: string) =>
    gunzipSync(readFileSync(`${GOLDEN}/single-file/${name}.safetensors.gz`));

  test('a checkpoint opened from disk paints what diffusers paints', async ({ app, page }, testInfo) => {
    const run = runs.find(({ name }) => name === 'sd1') as FamilyRun;
    const file = testInfo.outputPath('my checkpoint.safetensors');
    writeFileSync(file, checkpoint('sd1'));
    await app.open();
    await app.button('Models').click();
    await page.locator('input[type=file]').setInputFiles(file);
    await app.button('Use my checkpoint').click();
    await expect(app.field('Model')).toHaveValue('disk:my checkpoint.safetensors');
    await app.follow({ ...settingsOf(run), model: 'disk:my checkpoint.safetensors' });
    const [picture] = await app.make();
    expect(worst(await pixels(app), readFileSync(`${GOLDEN}/single-file/sd1.rgb`))).toBeLessThanOrEqual(2);

    // With a U-Net alone in the place of its own.
    const part = testInfo.outputPath('sd1-unet.gguf');
    writeFileSync(part, gunzipSync(readFileSync(`${GOLDEN}/gguf-parts/sd1-unet.gguf.gz`)));
    await app.button('Models').click();
    await page.locator('input[type=file]').setInputFiles(part);
    await expect(app.button('Delete sd1-unet')).toBeVisible();
    const checkpointOnly = { ...settingsOf(run), model: 'disk:my checkpoint.safetensors' };
    await app.follow({ ...checkpointOnly, unet: 'disk:sd1-unet.gguf' });
    await app.make();
    expect(worst(await pixels(app), readFileSync(`${GOLDEN}/gguf-parts/sd1-unet.rgb`))).toBeLessThanOrEqual(
      2,
    );
    await app.follow({ ...checkpointOnly, unet: '' });

    await app.button('Models').click();
    await page.getByLabel('Trained to predict', { exact: true }).selectOption('Velocity');
    await app.button('Create').click();
    await app.button('Reuse seed').click();
    const [other] = await app.make();
    expect(other?.pixels).not.toBe(picture?.pixels);
  });

  test('a copy is made while its file arrives, goes on after a pause, and is all that is stored', async ({
    app,
    hub,
    page,
  }) => {
    const model = 'test/copied/sd1.safetensors';
    const run = runs.find(({ name }) => name === 'sd1') as FamilyRun;
    const file = checkpoint('sd1');
    hub.repos.set('test/copied', { files: new Map([['sd1.safetensors', file]]) });
    await app.open();
    await openModels(app, hub);
    await lookUp(app, 'test/copied');
    hub.limit = 6_000_000;
    await app.button('Keep 8-bit copy').click();
    await expect.poll(() => hub.bytesSent(model)).toBeGreaterThan(5_000_000);
    await app.button('Pause sd1').click();
    await expect(app.button('Resume sd1')).toBeVisible();
    hub.limit = Number.POSITIVE_INFINITY;
    await app.button('Resume sd1').click();
    await app.button('Use sd1').click();
    expect(hub.sent.filter(({ path }) => path === model).at(-1)?.status).toBe(206);
    expect(await storedFiles(page)).toEqual([`${hub.oid(model)}.8`]);
    await app.follow({ ...settingsOf(run), model });
    await app.make();
    const expected = readFileSync(`${GOLDEN}/single-file/sd1.rgb`);
    const found = await pixels(app);
    const difference = found.reduce((sum, value, i) => sum + Math.abs(value - (expected[i] as number)), 0);
    expect(difference / found.length).toBeGreaterThan(0);
    expect(difference / found.length).toBeLessThan(8);
  });

  test('a checkpoint whose weights have a type that nobody casts is refused by its header', async ({
    app,
    hub,
  }) => {
    const file = checkpoint('sd1');
    const at = file.indexOf('"F16"', file.indexOf('"model.diffusion_model.input_blocks.0.0.weight"'));
    file.write('"I16"', at);
    hub.repos.set('test/odd', { files: new Map([['odd.safetensors', file]]) });
    await app.open();
    await openModels(app, hub);
    await lookUp(app, 'test/odd');
    await expect(app.alert).toContainText(/U-Net has conv_in\.weight I16 \[.+\], where/);
    await expect(app.button('Download')).toBeHidden();
    expect(hub.bytesSent('test/odd/odd.safetensors')).toBeLessThan(file.length);
  });

  test('a repository whose weights have such a type is refused by their headers', async ({ app, hub }) => {
    const name = 'unet/diffusion_pytorch_model.safetensors';
    const files = readFolder(path('tiny-model'));
    const weights = Buffer.from(files.get(name) as Buffer);
    weights.write('"I32"', weights.indexOf('"F32"', weights.indexOf('"conv_in.weight"')));
    hub.repos.set('test/odd', { files: files.set(name, weights) });
    await app.open();
    await openModels(app, hub);
    await lookUp(app, 'test/odd');
    await app.button('Download').click();
    await expect(app.alert).toContainText(/U-Net has conv_in\.weight I32 \[.+\], where/);
    expect(hub.bytesSent(`test/odd/${name}`)).toBeLessThan(weights.length / 2);
    await expect(app.button('Resume odd')).toBeHidden();
  });

  test('a checkpoint on the hub is found by its address, and paints what diffusers paints', async ({
    app,
    hub,
  }) => {
    const run = runs.find(({ name }) => name === 'sdxl') as FamilyRun;
    hub.repos.set('test/files', {
      files: new Map([
        ['xl [1].safetensors', checkpoint('sdxl')],
        ['other.safetensors', randomBytes(50)],
      ]),
      licence: 'openrail++',
    });
    await app.open();
    await openModels(app, hub);
    await lookUp(app, 'test/files');
    await expect(app.alert).toContainText('test/files/xl [1].safetensors, test/files/other.safetensors');
    await lookUp(app, 'https://huggingface.co/test/files/blob/main/xl%20%5B1%5D.safetensors');
    await app.button('Download').click();
    await app.button('Use xl [1]').click();
    await app.follow({ ...settingsOf(run), model: 'test/files/xl [1].safetensors' });
    await app.make();
    expect(worst(await pixels(app), readFileSync(`${GOLDEN}/single-file/sdxl.rgb`))).toBeLessThanOrEqual(2);
  });
});

test('copies in fewer bits paint nearly the same', async ({ app, hub, page }) => {
  const model = 'test/tiny';
  await app.open();
  await install(app, hub, model, 'tiny');
  await app.button('Make a copy of tiny in 8 bits').click();
  await expect(app.button('Make a copy of tiny in 8 bits')).toBeHidden();
  await expect(app.button('Stop tiny')).toBeHidden();
  await app.button('Use tiny').click();
  await expect(app.field('Weights')).toHaveValue('full');
  await app.follow({ model });
  await app.make();
  const full = await pixels(app);
  const difference = async (settings: Settings) => {
    await app.follow({ model, ...settings });
    await app.make();
    const other = await pixels(app);
    return other.reduce((sum, value, i) => sum + Math.abs(value - (full[i] as number)), 0) / full.length;
  };
  const copied = await difference({ weights: 8 });
  expect(copied).toBeGreaterThan(0);
  // A fifth of what another seed makes of it: the numbers of a random model are far more delicate than a trained one's.
  expect(copied).toBeLessThan((await difference({ seed: 2 })) / 5);
  await app.button('Models').click();
  await app.button('Make a copy of tiny in 16 bits').click();
  await expect(app.button('Make a copy of tiny in 16 bits')).toBeHidden();
  await expect(app.button('Stop tiny')).toBeHidden();
  const halved = await difference({ weights: 16 });
  expect(halved).toBeGreaterThan(0);
  expect(halved).toBeLessThan(copied);
  await app.follow({ model, weights: 4 });
  await app.generate.click();
  await expect(app.alert).toContainText('There is no 4-bit copy');
  await app.button('Models').click();
  await app.button('Delete tiny').click();
  await page.getByRole('button', { name: /^Delete \d/ }).click();
  await expect(app.button('Use tiny')).toBeHidden();
  expect(await storedFiles(page)).toEqual([]);
});

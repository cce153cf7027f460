import type { Locator } from '@playwright/test';
import type { App, Settings } from './app.ts';
import { addLayer, givePicture, installSteered, layerGroup } from './control-layer.ts';
import { expect, test } from './fixtures.ts';
import { Hub, readFolder } from './hub.mjs';
import { chosen, drawn, file, input, maskCanvas } from './init-image.ts';
import { addPicturePrompt, installPrompted, promptGroup, showPicture } from './picture-prompt.ts';
import { type Control, recordRequests, Walk } from './walk.ts';

// Every control of the Create screen changes the request in the field it stands for and in no other, and with it the
// picture; or leaves the picture alone, where it says so. The tables are held against the page: a control on it that
// they lack fails the test.

const path = (relative: string) => new URL(relative, import.meta.url).pathname;
const EMBEDDING = path('../src/pipeline/golden/mystyle.safetensors');
const LORA = path('../src/pipeline/golden/lora/kohya.safetensors');
const DEPTH_NET = path('../src/pipeline/golden/controls/depth.safetensors');
const TAESD = path('../src/models/golden/vae-tiny');
const TINY = path('tiny-model');

const buttons = (...names: string[]) => names.map((name) => ({ role: 'button', name }) as const);

/** What only opens something, closes it, or begins a run, and what turns everything back. */
const OPENERS = [
  ...buttons('Generate', 'Done', 'Inpaint…', 'Change the mask…', 'Extend…'),
  ...buttons('Earlier prompts', 'Earlier negative prompts', 'Styles and wildcards', 'Reset'),
  // With models that have a LoRA for it: e2e/fast.spec.ts.
  { role: 'combobox', name: 'Speed' } as const,
  // Of a square they change nothing: e2e/settings.spec.ts.
  ...buttons('Swap width and height', 'Keep the ratio'),
];

/** Only where there is a choice: turned where there is. */
const MODEL = { role: 'combobox', name: 'Model' } as const;

/** Keys that move the brush by a tenth. */
const LEFT = Array<string>(5).fill('ArrowLeft');

/** A number with a slider beside it: both are turned. */
const withSlider = (name: string, value: string, field: string, more: Partial<Control> = {}): Control[] => [
  { role: 'spinbutton', name, value, changes: [field], ...more },
  { role: 'slider', name: `${name} slider`, value, changes: [field], ...more },
];

/** The form without a start picture. */
function formControls(app: App): Control[] {
  const relock = async () => {
    await app.button('Lock seed').click();
    await refill();
  };
  const refill = () => app.field('Seed').fill('1');
  const embed = async () => {
    await app.page.getByLabel('Add .safetensors…').setInputFiles(EMBEDDING);
    await expect(app.button('Remove mystyle')).toBeVisible();
  };
  const forget = () => app.button('Remove mystyle').click();
  return [
    { role: 'textbox', name: 'Prompt', value: 'a blue book', changes: ['prompt'] },
    { role: 'textbox', name: 'Negative prompt', value: 'green', changes: ['negativePrompt'] },
    {
      role: 'button',
      name: 'Choose a picture…',
      turn: () => choose(app),
      back: remove(app),
      changes: ['image'],
    },
    ...withSlider('Steps', '4', 'numInferenceSteps'),
    ...withSlider('Guidance scale', '6.5', 'guidanceScale'),
    { role: 'combobox', name: 'Sampler', value: 'euler', changes: ['scheduler'] },
    { role: 'button', name: 'Lock seed', back: relock, changes: ['seed'] },
    { role: 'button', name: 'Random seed', back: refill, changes: ['seed'] },
    { role: 'spinbutton', name: 'Seed', value: '0', changes: ['seed'] },
    {
      role: 'combobox',
      name: 'Shape',
      turn: () => app.field('Shape').selectOption('144x112'),
      back: async () => {
        await app.field('Width').fill('64');
        await app.field('Height').fill('64');
      },
      changes: ['width', 'height'],
    },
    { role: 'spinbutton', name: 'Width', value: '72', changes: ['width'] },
    { role: 'spinbutton', name: 'Height', value: '72', changes: ['height'] },
    { role: 'combobox', name: 'Hires fix', value: 'image', changes: ['hires'] },
    ...withSlider('Pictures', '2', 'numImages', { pictures: 2, paints: 'the same' }),
    { role: 'combobox', name: 'Device', value: 'auto', changes: ['device'], paints: 'the same' },
    { role: 'checkbox', name: 'Filmstrip', changes: ['filmstrip'], paints: 'the same' },
    ...withSlider('Guidance rescale', '0.7', 'guidanceRescale'),
    { role: 'spinbutton', name: 'Guidance start', value: '0.5', changes: ['guidanceStart'] },
    { role: 'spinbutton', name: 'Guidance end', value: '0.5', changes: ['guidanceEnd'] },
    ...withSlider('Clip skip', '1', 'clipSkip'),
    { role: 'combobox', name: 'Emphasis', value: 'ignore', changes: ['emphasis'] },
    ...withSlider('Eta', '1', 'eta'),
    ...withSlider('DeepCache interval', '2', 'cacheInterval'),
    ...withSlider('T-GATE step', '1', 'gateStep'),
    { role: 'combobox', name: 'Noise', value: 'gpu', changes: ['noise'] },
    { role: 'combobox', name: 'Memory', value: 'one-by-one', changes: ['memory'], paints: 'the same' },
    { role: 'button', name: 'Add .safetensors…', turn: embed, back: forget, changes: ['embeddings'] },
  ];
}

/** The form with quick settings, every part of it open, its seed kept. */
async function openForm(app: App, settings: Settings = {}): Promise<void> {
  await app.open({ prompt: 'a (mystyle apple:1.5)', ...settings });
  const lock = app.button('Lock seed');
  if ((await lock.getAttribute('aria-pressed')) === 'false') await lock.click();
  await app.openAdvanced();
}

async function choose(app: App, ...colours: string[]): Promise<void> {
  const before = await chosen(app).evaluateAll((images) =>
    images.map((image) => (image as HTMLImageElement).src),
  );
  await input(app).setInputFiles(file(await drawn(app, 160, 96, ...colours)));
  await expect(chosen(app)).toBeVisible();
  await expect.poll(() => chosen(app).getAttribute('src')).not.toBe(before[0]);
}

const remove = (app: App) => () => app.button('Remove the picture').click();

/** Brings something back by the keyboard: the notice with Undo is gone after twelve seconds, which a run may take on a busy machine. */
async function undone(app: App, gone: Locator): Promise<void> {
  await app.page.keyboard.press('Control+z');
  await expect(gone).toBeVisible();
}

test.beforeEach(({ page }) => recordRequests(page));

/** Presses Clear where there is something to clear. */
async function clear(app: App): Promise<void> {
  const button = app.button('Clear');
  if ((await button.getAttribute('aria-disabled')) !== 'true') await button.click();
}

test('every control of the form does what it says', async ({ app }) => {
  await openForm(app);
  const walk = new Walk(app, [...OPENERS, MODEL]);
  await walk.turnAll(formControls(app));
});

test('every control of a picture prompt does what it says', async ({ app }) => {
  await installPrompted(app, 'plain', 'plus');
  await openForm(app, { model: 'test/tiny' });
  await addPicturePrompt(app, 'red', 'yellow');
  const adapter = promptGroup(app).getByRole('combobox', { name: 'IP-Adapter' });
  const [plain, plus] = ['plain', 'plus'].map((name) => `test/ip/models/${name}.safetensors`) as [
    string,
    string,
  ];
  const first = await adapter.inputValue();
  const same = { back: () => app.button('Remove picture 2').click(), changes: ['picturePrompts'] } as const;
  const elsewhere = [...OPENERS, MODEL, ...formControls(app), ...buttons('Add a picture prompt')];
  await new Walk(app, [...elsewhere, { role: 'combobox', name: 'U-Net' }]).turnAll([
    { role: 'checkbox', name: 'Use this picture prompt', changes: ['picturePrompts'] },
    {
      ...{ role: 'button', name: 'Remove picture prompt 1', changes: ['picturePrompts'] },
      back: () => undone(app, promptGroup(app)),
    },
    {
      ...{ role: 'button', name: 'Remove picture 1', changes: ['picturePrompts'] },
      turn: () => showPicture(app, 'blue').then(() => app.button('Remove picture 1').click()),
      back: () => showPicture(app, 'red', 'yellow').then(() => app.button('Remove picture 1').click()),
    },
    {
      ...{ role: 'combobox', name: 'IP-Adapter', changes: ['picturePrompts'] },
      turn: () => adapter.selectOption(first === plain ? plus : plain),
      back: () => adapter.selectOption(first),
    },
    { role: 'button', name: 'From a file…', turn: () => showPicture(app, 'white', 'blue'), ...same },
    { role: 'button', name: 'The picture shown', ...same },
    ...withSlider('Picture strength', '0.9', 'picturePrompts'),
    { role: 'combobox', name: 'What it takes over', value: 'layout', changes: ['picturePrompts'] },
  ]);
});

test('every control of the second pass does what it says', async ({ app }) => {
  await openForm(app, { hires: 'latent', hiresScale: 1.25 });
  await new Walk(app, [...OPENERS, MODEL, ...formControls(app)]).turnAll([
    { role: 'combobox', name: 'Hires fix', value: 'image', changes: ['hires.upscaler'] },
    ...withSlider('Upscale by', '1.5', 'hires.scale'),
    ...withSlider('Hires strength', '1', 'hires.strength'),
    ...withSlider('Hires steps', '2', 'hires.steps'),
  ]);
});

test('every control of the start picture does what it says', async ({ app }) => {
  await openForm(app, { strength: 0.7 });
  await choose(app);
  const cutOut = app.page.getByRole('slider', { name: 'Crop' });
  const walk = new Walk(app, [...OPENERS, MODEL, ...formControls(app)]);
  await walk.turnAll([
    {
      role: 'slider',
      name: 'Crop',
      turn: () => cutOut.press('PageUp'),
      back: () => cutOut.press('PageDown'),
      changes: ['image.offset.x'],
    },
    {
      role: 'button',
      name: 'Choose another…',
      turn: () => choose(app, 'green', 'yellow'),
      back: () => choose(app),
      changes: ['image.file'],
    },
    { role: 'button', name: 'Remove the picture', back: () => choose(app), changes: ['image'] },
    { role: 'combobox', name: 'Fit', value: 'stretch', changes: ['image.fit'] },
    ...withSlider('Strength', '1', 'image.strength'),
    {
      role: 'button',
      name: 'Nine variations',
      runs: true,
      pictures: 9,
      changes: ['numImages'],
      paints: 'the same',
    },
  ]);
});

test('every control of the mask does what it says', async ({ app }) => {
  await openForm(app, { strength: 0.7, maskBlur: 2 });
  await choose(app);
  const open = () => app.page.getByRole('button', { name: /^(Inpaint|Change the mask)…$/ }).click();
  const close = () => app.button('Done').click();
  /** A mask of what `draw` does with a brush in the middle. */
  const mask = async (draw: () => Promise<unknown>) => {
    await open();
    await clear(app);
    await draw();
    await close();
  };
  const press = async (...keys: string[]) => {
    for (const key of keys) await maskCanvas(app).press(key);
  };
  const dab = () => press(' ');
  const back = () => mask(dab);
  const leave = async () => {
    await open();
    await clear(app);
    await app.button('Discard changes').click();
  };
  await mask(dab);

  /** A button pressed once there is a dab, with more done before and after it. */
  const pressed = (name: string, { first = [], last = [] }: { first?: string[]; last?: string[] } = {}) => ({
    role: 'button' as const,
    name,
    turn: () =>
      mask(async () => {
        await dab();
        await press(...first);
        await app.button(name).click();
        await press(...last);
      }),
    back,
  });
  const walk = new Walk(app, [
    ...OPENERS,
    MODEL,
    ...formControls(app),
    ...buttons('Choose another…', 'Remove the picture', 'Nine variations'),
    { role: 'slider', name: 'Crop' },
    { role: 'combobox', name: 'Fit' },
    { role: 'spinbutton', name: 'Strength' },
    { role: 'slider', name: 'Strength slider' },
    // With a model for it: e2e/segment.spec.ts.
    ...buttons('By a click'),
  ]);
  await walk.turnAll([
    ...withSlider('Mask blur', '6', 'image.maskBlur'),
    { role: 'combobox', name: 'Masked content', value: 'noise', changes: ['image.maskedContent'] },
    { role: 'combobox', name: 'Inpaint area', value: '32', changes: ['image.paddingMaskCrop', 'image.mask'] },
  ]);
  await walk.turnAll(
    [
      {
        role: 'application',
        name: (await maskName(app, open, close)) ?? '',
        turn: () => mask(() => press(...LEFT, ' ')),
        back,
        changes: ['image.mask'],
      },
      {
        role: 'slider',
        name: 'Brush',
        turn: () => mask(() => app.page.getByRole('slider', { name: 'Brush' }).fill('0.3').then(dab)),
        back,
        changes: ['image.mask'],
      },
      {
        role: 'button',
        name: 'Soft edge',
        turn: () => mask(() => app.button('Soft edge').click().then(dab)),
        back,
        changes: ['image.mask'],
      },
      { ...pressed('Erase', { last: [...LEFT, ' '] }), changes: ['image.mask'] },
      { ...pressed('Undo', { first: [...LEFT, ' '] }), changes: [], paints: 'the same' },
      {
        ...pressed('Redo', { first: [...LEFT, ' ', 'Control+z'] }),
        changes: ['image.mask'],
      },
      { ...pressed('Invert'), changes: ['image.mask'] },
      { ...pressed('Clear'), changes: ['image.mask'] },
      {
        role: 'button',
        name: 'Discard changes',
        turn: leave,
        back,
        changes: [],
        paints: 'the same',
      },
    ],
    { open, close },
  );
});

async function maskName(
  app: App,
  open: () => Promise<void>,
  close: () => Promise<void>,
): Promise<string | null> {
  await open();
  const name = await maskCanvas(app).getAttribute('aria-label');
  await close();
  return name;
}

test('every control of the borders does what it says', async ({ app }) => {
  await openForm(app, { strength: 0.7 });
  await choose(app);
  const dialog = {
    open: () => app.button('Extend…').click(),
    close: () => app.button('Done').click(),
  };
  const within = (draw: () => Promise<unknown>) => async () => {
    await dialog.open();
    await draw();
    await dialog.close();
  };
  const back = within(() => clear(app));
  const leave = async () => {
    await dialog.open();
    await app.field('Left').fill('8');
    await app.button('Discard changes').click();
  };
  const edge = (side: string, size: string, key: string): Control[] => {
    const changes = [`image.border.${side}`, size];
    const number = `${side.charAt(0).toUpperCase()}${side.slice(1)}`;
    const handle = app.page.getByRole('slider', { name: `${side} edge` });
    return [
      { role: 'spinbutton', name: number, turn: within(() => app.field(number).fill('8')), back, changes },
      { role: 'slider', name: `${side} edge`, turn: within(() => handle.press(key)), back, changes },
    ];
  };
  const same = { changes: [], paints: 'the same' } as const;
  const cleared = within(() =>
    app
      .field('Left')
      .fill('8')
      .then(() => clear(app)),
  );
  await new Walk(app, OPENERS).turnAll(
    [
      ...edge('left', 'width', 'ArrowLeft'),
      ...edge('top', 'height', 'ArrowUp'),
      ...edge('right', 'width', 'ArrowRight'),
      ...edge('bottom', 'height', 'ArrowDown'),
      { role: 'button', name: 'Clear', turn: cleared, back, ...same },
      { role: 'button', name: 'Discard changes', turn: leave, back, ...same },
    ],
    dialog,
  );
});

test('every choice that models on this device bring does what it says', async ({ app, page }) => {
  const hub = await Hub.start();
  const tiny = readFolder(TINY);
  hub.repos.set('test/tiny', { files: tiny });
  const other = [...tiny].map(
    ([name, bytes]) => [name, /safetensors$/.test(name) ? signTurned(bytes) : bytes] as const,
  );
  hub.repos.set('test/other', { files: new Map(other) });
  const taesd = readFolder(TAESD);
  hub.repos.set('test/taesd', {
    files: new Map([
      ['config.json', taesd.get('config.json') as Buffer],
      ['diffusion_pytorch_model.safetensors', taesd.get('model.safetensors') as Buffer],
    ]),
  });
  await app.open();
  await app.button('Models').click();
  await page.getByText('Hub settings').click();
  await page.getByLabel('Mirror', { exact: true }).fill(hub.url);
  for (const name of ['tiny', 'other', 'taesd']) {
    await page.getByLabel('Repository', { exact: true }).fill(`test/${name}`);
    await app.button('Look up').click();
    await app.button('Download').click();
    await expect(app.button(`Delete ${name}`)).toBeVisible();
  }
  await hub.close();
  await page.locator('input[type=file]').setInputFiles(LORA);
  await expect(app.button('Delete kohya')).toBeVisible();
  await app.button('Make a copy of tiny in 8 bits').click();
  await expect(app.button('Make a copy of tiny in 8 bits')).toBeHidden();
  await expect(app.button('Stop tiny')).toBeHidden();

  const open = () => openForm(app, { model: 'test/tiny' });
  await open();
  const choice = (name: string, value: string, field: string): Control => ({
    role: 'combobox',
    name,
    value,
    changes: [field],
  });
  await new Walk(app, [...OPENERS, ...formControls(app)]).turnAll([
    {
      ...MODEL,
      turn: async () => {
        await app.field('Model').selectOption('test/other');
        for (const [name, value] of [
          ['Steps', '3'],
          ['Guidance scale', '3'],
          ['Width', '64'],
          ['Height', '64'],
        ] as const)
          await app.field(name).fill(value);
        await app.field('Sampler').selectOption('ddim');
      },
      back: open,
      changes: ['model'],
    },
    choice('VAE', 'test/taesd', 'vae'),
    { ...choice('Previews', 'test/taesd', 'previewVae'), paints: 'the same' },
    choice('U-Net', 'test/other', 'unet'),
    choice('Text encoder', 'test/other', 'textEncoder'),
    choice('Weights', '8', 'bits'),
    {
      role: 'button',
      name: 'Add kohya to the prompt',
      back: () => app.field('Prompt').fill('a (mystyle apple:1.5)'),
      changes: ['prompt'],
    },
  ]);
});

test('every control of a control layer does what it says', async ({ app }) => {
  await installSteered(app, DEPTH_NET);
  await openForm(app, { model: 'test/tiny' });
  await addLayer(app);
  const layer = layerGroup(app);
  const isMap = layer.getByRole('checkbox', { name: 'My picture is a map already' });
  const model = layer.getByRole('combobox', { name: 'Control model' });
  const same = { back: () => givePicture(app), changes: ['controls'] } as const;
  const elsewhere = [...OPENERS, MODEL, ...formControls(app)];
  elsewhere.push(...buttons('Add a control layer', 'Look at the map, or paint on it'));
  await new Walk(app, elsewhere).turnAll([
    { role: 'checkbox', name: 'Use this layer', changes: ['controls'] },
    {
      ...{ role: 'button', name: 'Remove control layer 1', changes: ['controls'] },
      back: () => undone(app, layer),
    },
    {
      ...{ role: 'combobox', name: 'Control model', changes: ['controls'] },
      turn: () => model.selectOption('disk:depth.safetensors').then(() => isMap.check()),
      back: () => model.selectOption('test/canny').then(() => isMap.uncheck()),
    },
    { role: 'button', name: 'From a file…', turn: () => givePicture(app, 'white'), ...same },
    { role: 'button', name: 'The picture shown', ...same },
    { role: 'checkbox', name: 'My picture is a map already', changes: ['controls'] },
    ...withSlider('Low threshold', '150', 'controls'),
    ...withSlider('High threshold', '110', 'controls'),
    { role: 'button', name: 'Invert the map', changes: ['controls'] },
    ...withSlider('Control strength', '0.5', 'controls'),
    { role: 'spinbutton', name: 'From', value: '0.5', changes: ['controls'] },
    { role: 'spinbutton', name: 'To', value: '0.5', changes: ['controls'] },
    { role: 'checkbox', name: 'The map counts more than the prompt', changes: ['controls'] },
  ]);
});

/** Weights of the same shapes that paint something else: every second float32 of each file has its sign turned. */
function signTurned(safetensors: Buffer): Buffer {
  const turned = Buffer.from(safetensors);
  const start = 8 + Number(safetensors.readBigUInt64LE());
  for (let at = start + 3; at < turned.length; at += 8) turned[at] = (turned[at] as number) ^ 0x80;
  return turned;
}

/** @typedef {import('@playwright/test').Page} Page */

/**
 * One thing to be seen: shown at a desk, and hidden again where something lies over the page.
 * @typedef {object} Scene
 * @property {string} name Of its files.
 * @property {string} caption
 * @property {(page: Page) => Promise<unknown>} show
 * @property {string} [place] What is scrolled into sight, by its text, in a window of whatever size.
 * @property {(page: Page) => Promise<unknown>} [hide]
 */

/** Things Trinket knows, each with a seed that suits it. @type {readonly (readonly [prompt: string, seed: number])[]} */
const PICTURES = [
  ['a hamburger', 1],
  ['a rocket', 2],
  ['a penguin', 3],
  ['a guitar', 4],
  ['a house', 5],
  ['a purple dog on a yellow background', 6],
  ['a mushroom', 7],
  ['a cat next to a pizza', 8],
  ['three red apples', 9],
  ['a strawberry', 10],
  ['a cat face', 11],
  ['a rocket on a dark blue background', 3],
];

const MINUTE = 60_000;
const PASTED = `a lighthouse at night
Negative prompt: blurry
Steps: 24, Sampler: Euler a, CFG scale: 6.5, Seed: 77, Size: 192x128`;

/** @param {Page} page @param {string} name */
const button = (page, name) => page.getByRole('button', { name, exact: true });

/** @param {Page} page @param {string} name */
const press = (page, name) => button(page, name).click();

/** @param {Page} page @param {string} name @param {string | number} value */
const fill = (page, name, value) => page.getByLabel(name, { exact: true }).fill(String(value));

/** Waits until nothing is being painted. @param {Page} page */
const idle = (page) => button(page, 'Stop').waitFor({ state: 'detached', timeout: MINUTE });

/** Paints, and waits for it. @param {Page} page @param {string} prompt @param {number} seed @param {number} [images] */
async function paint(page, prompt, seed, images = 1) {
  await fill(page, 'Prompt', prompt);
  await fill(page, 'Seed', seed);
  await fill(page, 'Pictures', images);
  await press(page, 'Generate');
  await button(page, 'Stop').waitFor();
  await idle(page);
}

/**
 * Draws a line on the paper.
 * @param {Page} page @param {import('@playwright/test').Locator} paper
 * @param {number} points
 * @param {(turn: number) => [x: number, y: number]} at from 0 to 2π, as parts of the paper's width and height
 */
async function stroke(page, paper, points, at) {
  const box = await paper.boundingBox();
  if (!box) throw new Error('No paper to draw on.');
  for (let i = 0; i <= points; i++) {
    const [x, y] = at((2 * Math.PI * i) / points);
    await page.mouse.move(box.x + box.width * x, box.y + box.height * y);
    if (i === 0) await page.mouse.down();
  }
  await page.mouse.up();
}

/** @param {Page} page */
async function fetchModel(page) {
  await press(page, 'Models');
  await page.getByLabel('Repository', { exact: true }).fill('example/tiny-stable-diffusion');
  await press(page, 'Look up');
  await press(page, 'Download');
  await button(page, 'Use tiny-stable-diffusion').waitFor({ timeout: MINUTE });
}

/**
 * A first visit; nothing is painted yet.
 * @param {Page} page
 * @param {{ app: string, hub: string }} urls
 */
export async function prepare(page, { app, hub }) {
  await page.goto(app);
  await press(page, 'Models');
  await page.getByText('Hub settings').click();
  await page.getByLabel('Mirror', { exact: true }).fill(hub);
  await page.goto(`${app}#device=wasm&steps=20&seed=1`);
  await page.reload();
  await page
    .getByText(/^CPU|· ?CPU/)
    .first()
    .waitFor();
}

/** In the order they are taken: each may count on what those before it have painted. @type {readonly Scene[]} */
export const SCENES = [
  { name: 'first-visit', caption: 'The first visit', show: async () => {} },
  {
    name: 'create',
    caption: 'A finished picture',
    show: async (page) => {
      await press(page, 'Lock seed');
      for (const [prompt, seed] of PICTURES) await paint(page, prompt, seed);
    },
  },
  {
    name: 'settings',
    caption: 'All settings',
    show: (page) => page.getByText('Advanced', { exact: true }).click(),
    place: 'Advanced',
    hide: (page) => page.getByText('Advanced', { exact: true }).click(),
  },
  {
    name: 'offer',
    caption: 'Settings pasted as text, and what they would change',
    show: async (page) => {
      await page.getByLabel('Prompt', { exact: true }).evaluate((field, text) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', text);
        field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      }, PASTED);
      await button(page, 'Dismiss').waitFor();
    },
    hide: (page) => press(page, 'Dismiss'),
  },
  {
    name: 'gallery',
    caption: 'The gallery, two pictures selected',
    show: async (page) => {
      await press(page, 'Gallery');
      await page.getByLabel('Search prompts').waitFor();
      await page.getByLabel('Select: a strawberry').check();
      await page.getByLabel('Select: a house').check();
      await page.evaluate(() => scrollTo(0, 0));
    },
    hide: (page) => press(page, 'Deselect 2'),
  },
  {
    name: 'picture',
    caption: 'A picture of the gallery, with everything it was made with',
    show: (page) => page.getByRole('button', { name: 'Open: a penguin' }).first().click(),
    hide: async (page) => {
      await press(page, 'Close');
      await press(page, 'Create');
    },
  },
  {
    name: 'start',
    caption: 'Starting from a picture',
    show: async (page) => {
      await press(page, 'Start from this');
      await button(page, 'Nine variations').waitFor();
    },
    place: 'Start from a picture',
  },
  {
    name: 'mask',
    caption: 'Inpainting: only the marked part is repainted',
    show: async (page) => {
      await press(page, 'Inpaint…');
      const mask = page.getByRole('application', { name: /^Mask/ });
      const box = await mask.boundingBox();
      if (!box) throw new Error('No mask to draw on.');
      await page.mouse.move(box.x + box.width * 0.35, box.y + box.height * 0.2);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.25, { steps: 8 });
      await page.mouse.up();
    },
    hide: (page) => press(page, 'Discard changes'),
  },
  {
    name: 'extend',
    caption: 'The canvas extended around the picture',
    show: async (page) => {
      await press(page, 'Extend…');
      await fill(page, 'Left', 32);
      await fill(page, 'Right', 48);
    },
    hide: async (page) => {
      await press(page, 'Discard changes');
      await press(page, 'Remove the picture');
    },
  },
  {
    name: 'sheet',
    caption: 'Nine pictures of successive seeds',
    show: (page) => paint(page, 'a cat face', 11, 9),
  },
  {
    name: 'lightbox',
    caption: 'One of several, as large as the window',
    show: (page) => page.getByRole('img', { name: 'a cat face' }).nth(4).click(),
    hide: (page) => press(page, 'Close'),
  },
  {
    name: 'filmstrip',
    caption: 'The filmstrip of a run',
    show: async (page) => {
      await page.getByText('Advanced', { exact: true }).click();
      await page.getByLabel('Filmstrip', { exact: true }).check();
      await paint(page, 'a rocket', 2);
    },
    place: 'Save strip',
    hide: async (page) => {
      await page.getByLabel('Filmstrip', { exact: true }).uncheck();
      await page.getByText('Advanced', { exact: true }).click();
    },
  },
  {
    name: 'draw',
    caption: 'A drawing, and the picture that follows the pen',
    show: async (page) => {
      await fill(page, 'Prompt', 'a red apple');
      await press(page, 'Draw');
      const paper = page.getByRole('application', { name: /^Drawing/ });
      await page.getByLabel('Size', { exact: true }).fill('128');
      await stroke(page, paper, 40, (turn) => [0.5 + 0.2 * Math.cos(turn), 0.58 + 0.2 * Math.sin(turn)]);
      await stroke(page, paper, 40, (turn) => [0.5 + 0.08 * Math.cos(turn), 0.58 + 0.08 * Math.sin(turn)]);
      await press(page, 'Green');
      await page.getByLabel('Size', { exact: true }).fill('44');
      await stroke(page, paper, 4, (turn) => [0.5 + turn / 60, 0.3 - turn / 50]);
      await page.getByText(/^[\d.]+ s · 128 × 128/).waitFor({ timeout: MINUTE });
      await page.evaluate(() => scrollTo(0, 0));
    },
    hide: (page) => press(page, 'Create'),
  },
  {
    name: 'experiment',
    caption: 'An experiment: guidance over seeds',
    show: async (page) => {
      await fill(page, 'Prompt', 'a red apple');
      await fill(page, 'Steps', 12);
      await press(page, 'Experiments');
      await page.getByLabel('Columns', { exact: true }).selectOption({ label: 'Guidance scale' });
      await page.getByLabel('Values of the columns', { exact: true }).fill('1, 4, 10');
      await page.getByLabel('Rows', { exact: true }).selectOption({ label: 'Seed' });
      await page.getByLabel('Values of the rows', { exact: true }).fill('3-5');
      await press(page, 'Start');
      await page.getByText('9 of 9 pictures', { exact: true }).waitFor({ timeout: 2 * MINUTE });
    },
  },
  {
    name: 'grid',
    caption: 'Its grid',
    show: async () => {},
    place: '9 of 9 pictures',
  },
  {
    name: 'compare',
    caption: 'Two pictures compared',
    show: (page) => press(page, 'Compare two'),
    hide: (page) => press(page, 'Close'),
  },
  {
    name: 'models',
    caption: 'Models on this device, and others',
    show: async (page) => {
      await fetchModel(page);
      await page.evaluate(() => scrollTo(0, 0));
    },
  },
  {
    name: 'about',
    caption: 'About: the version, and the licences of what it is made with',
    show: async (page) => {
      await press(page, 'About Safelight');
      await page.getByRole('dialog').getByRole('listitem').first().waitFor({ timeout: MINUTE });
    },
    hide: (page) => press(page, 'Close'),
  },
  {
    name: 'queue',
    caption: 'The queue, while a picture develops',
    show: async (page) => {
      await press(page, 'Create');
      await fill(page, 'Steps', 150);
      for (const prompt of ['a guitar', 'a frog', 'a house', 'a mushroom']) {
        await fill(page, 'Prompt', prompt);
        await press(page, 'Generate');
      }
      await page
        .getByText(/step \d\d/i)
        .first()
        .waitFor({ timeout: MINUTE });
      await page.getByRole('button', { name: /^Queue: / }).click();
    },
  },
];

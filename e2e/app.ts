import { expect, type Locator, type Page } from '@playwright/test';
import { runOver, timeStop, watchPage } from './page-watch.ts';
import { type PngFacts, readPng } from './png.ts';

/** A finished picture as the page shows it. */
export interface Picture extends PngFacts {
  readonly alt: string;
  /** SHA-256 of the RGBA pixels. */
  readonly pixels: string;
  /** Standard deviation of the pixels' bytes, alpha left out: 0 is a blank picture. */
  readonly deviation: number;
}

/** One drawing on a canvas of the page. */
export interface Draw {
  /** Hash of the canvas as it stood then. */
  readonly hash: string;
  /** What the progress bar said then. */
  readonly progress: string;
  /** Of what was drawn, “64×96”. */
  readonly size: string;
}

/** The form, by the parameters of the URL. */
export type Settings = Readonly<Record<string, string | number>>;

/** Few steps and few pixels: what is tested is the way, not the picture. Whatever the browser remembers is overruled. */
const QUICK: Settings = {
  prompt: 'a red apple',
  negative: '',
  seed: 1,
  steps: 3,
  guidance: 3,
  sampler: 'ddim',
  width: 64,
  height: 64,
  images: 1,
  filmstrip: 0,
};

/** A page of the app's origin that runs no script: a picture. */
export const quiet = (url: string): string => new URL('icon.svg', url).href;

/** The finished pictures on a page, as CSS; thumbnails have no text of their own. */
export const PICTURES = 'img[src^="blob:"]:not([alt="Start picture"], [alt=""])';

/** The app as a person meets it: by roles and names, from a page already loaded. */
export class App {
  readonly page: Page;
  readonly generate: Locator;
  readonly stop: Locator;
  readonly pictures: Locator;
  readonly alert: Locator;
  readonly progress: Locator;
  /** The line below a finished picture: how long it took, its size, its steps, and what it ran on. */
  readonly outcome: Locator;
  readonly #url: string;
  readonly #device: string;

  private constructor(page: Page, url: string, device: string) {
    this.page = page;
    this.#url = url;
    this.#device = device;
    this.generate = page.getByRole('button', { name: 'Generate', exact: true });
    this.stop = page.getByRole('button', { name: /^Stop/ });
    this.pictures = page.locator(PICTURES);
    this.alert = page.getByRole('alert').filter({ hasText: /\S/ });
    this.progress = page.getByRole('progressbar');
    this.outcome = page.getByText(/^(\d+ min )?[\d.]+ s · \d+ × \d+ · /);
  }

  static async create(page: Page, url: string, device: string): Promise<App> {
    await page.addInitScript(recordDraws);
    await page.addInitScript(watchPage);
    return new App(page, url, device);
  }

  /** Loads the app afresh with quick settings and these; a first visit is `visit`. */
  async open(settings: Settings = {}): Promise<void> {
    await this.visit(this.#hash(settings));
  }

  /** The same by a link followed on the page that is open: the engine and what it has loaded stay. */
  async follow(settings: Settings = {}): Promise<void> {
    if (!(await this.generate.isVisible())) await this.button('Create').click();
    // Not by goto, which waits in WebKit for a page to load.
    await this.page.evaluate(followHash, `#${this.#hash(settings)}`);
  }

  /** Loads the app afresh with this hash and nothing else. */
  async visit(hash = ''): Promise<void> {
    // Not about:blank: WebKit goes to another origin in another process, which Playwright takes for a failure.
    await this.page.goto(quiet(this.#url));
    await this.page.goto(`${this.#url}${hash ? `#${hash}` : ''}`);
    await expect(this.generate).toBeVisible();
  }

  /** A setting by its visible name. */
  field(name: string): Locator {
    const { page } = this;
    const exact = { name, exact: true };
    return page
      .getByRole('spinbutton', exact)
      .or(page.getByRole('textbox', exact))
      .or(page.getByRole('combobox', exact))
      .or(page.getByRole('checkbox', exact));
  }

  /** Opens the settings that most pictures never need, where an earlier visit has not left them open. */
  async openAdvanced(): Promise<void> {
    const group = this.page
      .locator('details')
      .filter({ has: this.page.getByRole('heading', { name: 'Advanced' }) });
    await group.waitFor();
    if (await group.evaluate((details: HTMLDetailsElement) => !details.open))
      await group.locator('summary').click();
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Presses Generate and gives the pictures of that run; an error on the page is thrown with its text. */
  async make(count = 1): Promise<Picture[]> {
    // The last picture of an earlier visit may still come.
    await expect(this.page.locator('section[aria-busy]')).toHaveCount(0);
    const before = await this.#sources();
    await this.generate.click();
    return this.arrived(count, before);
  }

  /** The pictures of a run under way, once it is over. `before` are sources of pictures that do not count. */
  async arrived(count = 1, before: readonly string[] = []): Promise<Picture[]> {
    const said = await this.page.evaluate(runOver, { pictures: PICTURES, count, before });
    if (said) throw new Error(`The app says: ${said}`);
    return Promise.all((await this.pictures.all()).map(readPicture));
  }

  /** Milliseconds by the page's clock, from what `press` does with mouse or keyboard until nothing is being painted. */
  async timeToStop(press: () => Promise<unknown>): Promise<number> {
    const watch = await this.page.evaluateHandle(timeStop);
    await press();
    return watch.evaluate(({ milliseconds }) => milliseconds);
  }

  /** What was drawn on canvases since the page was loaded, or since `forgetDraws`. */
  draws(): Promise<Draw[]> {
    return this.page.evaluate(() => (globalThis as unknown as { draws: Draw[] }).draws);
  }

  /** Waits until a run can be seen to go on. */
  async drawn(): Promise<void> {
    await this.page.waitForFunction(() => (globalThis as unknown as { draws: Draw[] }).draws.length > 1);
  }

  async forgetDraws(): Promise<void> {
    await this.page.evaluate(() => {
      (globalThis as unknown as { draws: Draw[] }).draws.length = 0;
    });
  }

  #hash(settings: Settings): string {
    const all: Settings = { ...QUICK, device: this.#device, ...settings };
    return new URLSearchParams(Object.entries(all).map(([k, v]) => [k, String(v)])).toString();
  }

  #sources(): Promise<string[]> {
    return this.pictures.evaluateAll((images) => images.map((image) => (image as HTMLImageElement).src));
  }
}

/** Runs in the page: goes to a part of it, and is over once the page has heard of that. */
function followHash(hash: string): Promise<void> | undefined {
  if (location.hash === hash) return;
  const heard = new Promise<void>((resolve) =>
    addEventListener('hashchange', () => resolve(), { once: true }),
  );
  location.hash = hash;
  return heard;
}

async function readPicture(image: Locator): Promise<Picture> {
  const { alt, png, pixels, deviation } = await image.evaluate(async (element: HTMLImageElement) => {
    const blob = await (await fetch(element.src)).blob();
    const bitmap = await createImageBitmap(blob);
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const colours = data.filter((_, i) => i % 4 !== 3);
    const mean = colours.reduce((sum, x) => sum + x, 0) / colours.length;
    const variance = colours.reduce((sum, x) => sum + (x - mean) ** 2, 0) / colours.length;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
    return {
      alt: element.alt,
      png: await watching.base64(blob),
      pixels: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''),
      deviation: Math.sqrt(variance),
    };
  });
  return { alt, pixels, deviation, ...readPng(Buffer.from(png, 'base64')) };
}

/** Runs in the page before its own code: notes every drawing on a visible canvas. */
function recordDraws(): void {
  const draws: Draw[] = [];
  Object.assign(globalThis, { draws });
  const small = new OffscreenCanvas(16, 16);
  const context = small.getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;

  const note = (canvas: HTMLCanvasElement | OffscreenCanvas, size: string) => {
    if (!(canvas instanceof HTMLCanvasElement)) return;
    context.drawImage(canvas, 0, 0, 16, 16);
    const hash = context
      .getImageData(0, 0, 16, 16)
      .data.reduce((h, x) => Math.imul(h ^ x, 16777619), 2166136261);
    const progress = document.querySelector('[role=progressbar]')?.getAttribute('aria-valuetext') ?? '';
    draws.push({ hash: (hash >>> 0).toString(16), progress, size });
  };

  const noted = (prototype: object, method: string) => {
    const original = Reflect.get(prototype, method) as (...args: unknown[]) => void;
    Reflect.set(prototype, method, function (this: { canvas: HTMLCanvasElement }, ...args: unknown[]) {
      // Once it is transferred a bitmap has no size.
      const { width, height } = args[0] as ImageBitmap;
      original.apply(this, args);
      note(this.canvas, `${width}×${height}`);
    });
  };
  noted(CanvasRenderingContext2D.prototype, 'drawImage');
  noted(ImageBitmapRenderingContext.prototype, 'transferFromImageBitmap');
}

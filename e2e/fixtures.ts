import { type Browser, test as base, expect, type Page } from '@playwright/test';
import { App, quiet } from './app.ts';
import { useCores } from './cores.ts';
import { launchFirefox } from './firefox.ts';
import { insertTextAsTyped } from './insert-text.ts';
import { type StaticServer, serve } from './server.mjs';
import { WarmContexts } from './warm-contexts.ts';
import { MiniBrowser, prefer } from './webkit.ts';

const DIST = new URL('../dist', import.meta.url).pathname;
const TWO_BLOCK_MODEL = new URL('two-block-model', import.meta.url).pathname;

export interface AppOptions {
  /** The provider of the project. */
  readonly device: 'wasm' | 'webgpu';
  /** The bundled model, or a small random one in its place: the same way through the app. */
  readonly model: 'trinket' | 'two-block';
  /** A profile that has never been here, or one whose service worker has the page already and which is else as empty. */
  readonly visit: 'first' | 'later';
}

interface Fixtures {
  readonly app: App;
  readonly server: StaticServer;
}

interface WorkerFixtures {
  /** How many cores the browser has; with all of them the CPU provider has threads. */
  readonly cores: 'one' | 'all';
  /** What serves the built app to all tests of a worker. */
  readonly site: StaticServer;
  readonly warmContexts: WarmContexts;
}

/** `app`: the built app in an empty browser profile; `server`: what it is served from, with nothing wrong yet. */
export const test = base.extend<AppOptions & Fixtures, WorkerFixtures>({
  device: ['wasm', { option: true }],
  model: ['two-block', { option: true }],
  visit: ['later', { option: true }],
  cores: ['one', { option: true, scope: 'worker' }],
  browser: [
    async ({ playwright, cores, browserName, launchOptions }, use, { parallelIndex }) => {
      useCores(cores, parallelIndex);
      // MiniBrowser has one profile: each test starts its own.
      if (browserName === 'webkit') return use(undefined as unknown as Browser);
      const type = playwright[browserName];
      const browser =
        browserName === 'firefox'
          ? await launchFirefox(type, launchOptions)
          : await type.launch(launchOptions);
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's pattern.
    async ({}, use) => {
      const site = await serve(DIST);
      await use(site);
      await site.close();
    },
    { scope: 'worker' },
  ],
  server: async ({ site, model }, use) => {
    if (model === 'two-block') site.overlays.set('/models/trinket', TWO_BLOCK_MODEL);
    await use(site);
    for (const changed of [site.overlays, site.faults, site.replaced, site.held]) changed.clear();
    site.isDown = false;
  },
  warmContexts: [
    async ({ browser, site }, use) => {
      const contexts = new WarmContexts(browser, site.url);
      await use(contexts);
      await contexts.close();
    },
    { scope: 'worker' },
  ],
  context: async (
    { browser, browserName, playwright, launchOptions, visit, locale, site, warmContexts },
    use,
  ) => {
    if (browserName === 'webkit') {
      const path = launchOptions.executablePath as string;
      const minibrowser = await MiniBrowser.start(playwright.webkit, path, quiet(site.url));
      await use(minibrowser.context);
      await minibrowser.close();
    } else if (browserName === 'chromium' && visit === 'later') {
      await use(await warmContexts.take(locale));
      await warmContexts.giveBack(locale);
    } else {
      const context = await browser.newContext();
      await use(context);
      await context.close();
    }
  },
  page: async ({ context, browserName, locale }, use) => {
    const page = browserName === 'webkit' ? (context.pages()[0] as Page) : await context.newPage();
    if (browserName !== 'chromium') await page.addInitScript(insertTextAsTyped);
    if (browserName === 'webkit') {
      await page.addInitScript(prefer, locale ?? 'en-US');
      await page.emulateMedia({ reducedMotion: 'reduce' });
    }
    await use(page);
  },
  app: async ({ page, server, device }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (/Content.Security.Policy/.test(message.text())) errors.push(message.text());
    });
    await use(await App.create(page, server.url, device));
    expect(errors, 'uncaught errors on the page').toEqual([]);
  },
});

export { expect };

import type { Browser, BrowserContext, CDPSession } from '@playwright/test';

interface Warm {
  readonly context: BrowserContext;
  /** Of a page that stays open, on nothing: the others are tabs of its window then, which costs half of a window each. */
  readonly session: CDPSession;
}

/** All that a page keeps for itself; what is left is the service worker and what it has of the built app. */
const KEPT = 'cookies,file_systems,indexeddb,local_storage';

/**
 * Browser contexts that have visited the app once, one for each language. They go from test to test, emptied between
 * them: what the browser has fetched and compiled of the app is not fetched and compiled again for each test.
 */
export class WarmContexts {
  readonly #browser: Browser;
  readonly #url: string;
  readonly #contexts = new Map<string | undefined, Warm>();

  constructor(browser: Browser, url: string) {
    this.#browser = browser;
    this.#url = url;
  }

  async take(locale: string | undefined): Promise<BrowserContext> {
    const warm = this.#contexts.get(locale) ?? (await this.#open());
    this.#contexts.set(locale, warm);
    return warm.context;
  }

  async giveBack(locale: string | undefined): Promise<void> {
    const { context, session } = this.#contexts.get(locale) as Warm;
    const [, ...pages] = context.pages();
    for (const page of pages) await page.close();
    await empty(session, this.#url);
    await context.clearPermissions();
    await context.setOffline(false);
  }

  async close(): Promise<void> {
    for (const { context } of this.#contexts.values()) await context.close();
  }

  async #open(): Promise<Warm> {
    // With the options of the test that asks first: its language is the only one that tests set.
    const context = await this.#browser.newContext();
    const page = await context.newPage();
    await page.goto(this.#url);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.goto('about:blank');
    const session = await context.newCDPSession(page);
    await empty(session, this.#url);
    return { context, session };
  }
}

async function empty(session: CDPSession, url: string): Promise<void> {
  const { origin } = new URL(url);
  await session.send('Storage.overrideQuotaForOrigin', { origin });
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: KEPT });
}

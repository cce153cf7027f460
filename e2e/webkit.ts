import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserType, expect } from '@playwright/test';

// WebKitGTK's MiniBrowser as Debian ships it, on a display of its own. Playwright speaks to WebKit's remote inspector, as it
// does to Safari on a phone: a page and no more, without network conditions, permissions, downloads or a second tab.

/** A browser with an empty profile that stands on a page of the origin which it is to open. */
export class MiniBrowser {
  readonly #processes: readonly ChildProcess[];
  readonly #home: string;
  readonly #browser: Browser;

  private constructor(processes: readonly ChildProcess[], home: string, browser: Browser) {
    this.#processes = processes;
    this.#home = home;
    this.#browser = browser;
  }

  static async start(webkit: BrowserType, path: string, url: string): Promise<MiniBrowser> {
    const { screen, name } = await startScreen();
    const inspector = `127.0.0.1:${await freePort()}`;
    const home = mkdtempSync(join(tmpdir(), 'safelight-webkit-'));
    const own = { HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home, DISPLAY: name };
    const minibrowser = spawn(path, ['--geometry=1280x900', url], {
      stdio: 'ignore',
      env: { ...process.env, ...own, WEBKIT_INSPECTOR_HTTP_SERVER: inspector },
    });
    await expect
      .poll(() => pages(inspector).catch(() => []), { intervals: [50] })
      .toEqual([expect.objectContaining({ url })]);
    const list = createServer(async (_, response) => response.end(JSON.stringify(await pages(inspector))));
    await new Promise<void>((resolve) => list.listen(0, '127.0.0.1', resolve));
    const browser = await webkit.connectOverCDP(`http://127.0.0.1:${(list.address() as AddressInfo).port}`);
    list.close();
    return new MiniBrowser([minibrowser, screen], home, browser);
  }

  get context(): BrowserContext {
    return this.#browser.contexts()[0] as BrowserContext;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    for (const process of this.#processes) {
      const ended = new Promise((resolve) => process.once('exit', resolve));
      if (process.kill()) await ended;
    }
    // Its other processes write there until they have ended too.
    await expect(() => rmSync(this.#home, { recursive: true, force: true })).toPass();
  }
}

/** Runs in the page before its own code: the browser's language would be that of the system. */
export function prefer(language: string): void {
  Object.defineProperty(navigator, 'languages', { get: () => [language] });
}

/** An X server that shows nothing to anybody, on the first number that is free. */
async function startScreen(): Promise<{ screen: ChildProcess; name: string }> {
  const args = ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp', '-noreset'];
  const screen = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const number = await new Promise((resolve, reject) => {
    screen.stdio[3]?.once('data', resolve);
    screen.once('error', reject);
  });
  return { screen, name: `:${String(number).trim()}` };
}

/** The pages that WebKit's inspector lists as HTML, in the form in which Playwright asks for them. */
async function pages(inspector: string): Promise<{ url: string; webSocketDebuggerUrl: string }[]> {
  const html = await (await fetch(`http://${inspector}/`)).text();
  const rows = html.matchAll(/class="targeturl">([^<]*)<.*?ws=[^']*'[^']*'(\/socket\/[^']+)'/gs);
  return [...rows].map(([, url = '', socket]) => ({
    url,
    webSocketDebuggerUrl: `ws://${inspector}${socket}`,
  }));
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

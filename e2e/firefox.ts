import type { Browser, BrowserType, LaunchOptions } from '@playwright/test';

interface Session {
  send(method: string, params: unknown): Promise<unknown>;
}

/** Starts a Firefox as Mozilla and Debian ship it, which Playwright drives by WebDriver BiDi (its channel `moz-firefox`). */
export async function launchFirefox(firefox: BrowserType, options: LaunchOptions): Promise<Browser> {
  const browser = await firefox.launch(options);
  // Every new context is told a colour scheme, by a command that Firefox ESR 153 does not have yet.
  const { _connection: connection } = browser as unknown as {
    _connection: { toImpl(browser: Browser): { _browserSession: Session } };
  };
  const session = connection.toImpl(browser)._browserSession;
  const send = session.send.bind(session);
  session.send = async (method, params) =>
    method === 'emulation.setMediaFeaturesOverride' ? {} : send(method, params);
  return browser;
}

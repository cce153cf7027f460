import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { type StaticServer, serve } from './server.mjs';

const DIST = new URL('../dist', import.meta.url).pathname;
/** The build on a host that sets no headers. */
const bare = () => serve(DIST, {}, 'safelight');

async function using(server: Promise<StaticServer>, run: (url: string) => Promise<void>): Promise<void> {
  const { url, close } = await server;
  await run(url);
  await close();
}

test('in a frame there is a link to the page and no page, and not even that where headers can be set', async ({
  page,
}) => {
  let framed = '';
  const outer = createServer((_, response) =>
    response.setHeader('Content-Type', 'text/html').end(`<iframe src="${framed}"></iframe>`),
  );
  await new Promise<void>((resolve) => outer.listen(0, '127.0.0.1', resolve));
  const outerUrl = `http://127.0.0.1:${(outer.address() as AddressInfo).port}/`;
  await using(bare(), async (url) => {
    framed = `${url}#prompt=a+red+apple`;
    await page.goto(outerUrl);
    const frame = page.frameLocator('iframe');
    const link = frame.getByRole('link', { name: 'Open Safelight in a tab of its own' });
    await expect(link).toHaveAttribute('href', framed);
    await expect(frame.getByRole('textbox')).toHaveCount(0);
    expect(page.workers()).toEqual([]);
    const opened = page.waitForEvent('popup');
    await link.click();
    await expect((await opened).getByRole('textbox', { name: 'Prompt', exact: true })).toHaveValue(
      'a red apple',
    );
    await (await opened).close();
  });
  await using(serve(DIST), async (url) => {
    framed = url;
    const refused = page.waitForEvent('console', (message) => /frame-ancestors 'none'/.test(message.text()));
    await page.goto(outerUrl);
    await refused;
  });
  outer.closeAllConnections();
  outer.close();
});

test('on the first visit to a host without headers the page has its policy all the same', async ({
  page,
}) => {
  await using(bare(), async (url) => {
    await page.goto(url);
    await expect(page.getByRole('button', { name: 'Generate', exact: true })).toBeVisible();
    const found = await page.evaluate(async () => {
      const refused = new Promise<string>((resolve) =>
        addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective), {
          once: true,
        }),
      );
      await fetch('http://elsewhere.test/').catch(() => {});
      const thrown = (run: () => unknown) => {
        try {
          run();
          return null;
        } catch (error) {
          return (error as Error).name;
        }
      };
      const own = URL.createObjectURL(new Blob([''], { type: 'text/javascript' }));
      return {
        isIsolated: crossOriginIsolated,
        fetched: await refused,
        markup: thrown(() => {
          document.createElement('p').innerHTML = '<b>text</b>';
        }),
        worker: thrown(() => new Worker('https://elsewhere.test/worker.js')),
        ownWorker: thrown(() => new Worker(own).terminate()),
      };
    });
    expect(found).toEqual({
      ...{ isIsolated: false, fetched: 'connect-src', markup: 'TypeError', worker: 'TypeError' },
      ownWorker: null,
    });
  });
});

import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { platform, release, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { LAUNCH_ARGS } from '../../e2e/launch-args.mjs';
import { serve } from '../../e2e/server.mjs';
import { tables } from './tables.mjs';

/** @typedef {import('./rows.ts').Options} Options */
/** @typedef {import('./rows.ts').Row} Row */

const MODELS = /** @type {const} */ (['sd15', 'sdxl', 'vae']);

/**
 * `sd15 vae --small --out FOLDER`: which models, all by default; `--torch FOLDER` has the files of torch_side.py.
 * @param {string[]} args
 */
export function optionsFrom(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { small: { type: 'boolean' }, out: { type: 'string' }, torch: { type: 'string' } },
  });
  const unknown = positionals.filter((name) => !MODELS.some((model) => model === name));
  if (unknown.length > 0)
    throw new Error(`There is no ${unknown.join(', ')}; there are ${MODELS.join(', ')}.`);
  const models = MODELS.filter((model) => positionals.length === 0 || positionals.includes(model));
  return { models, small: values.small ?? false, out: values.out, torch: values.torch };
}

/**
 * Serves files of any size to a page from elsewhere.
 * @param {string} folder
 * @returns {Promise<{ url: string, close: () => void }>}
 */
async function serveLarge(folder) {
  const server = createServer((request, response) => {
    const file = join(folder, basename(request.url ?? ''));
    response
      .setHeader('Access-Control-Allow-Origin', '*')
      .setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    if (!existsSync(file)) return void response.writeHead(404).end();
    response.writeHead(200, { 'Content-Length': statSync(file).size });
    createReadStream(file, { highWaterMark: 2 ** 22 }).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/** @param {import('playwright-core').BrowserContext} context */
async function factsOf(context) {
  const cdp = await context.browser()?.newBrowserCDPSession();
  const info = await cdp?.send('SystemInfo.getInfo');
  const version = context.browser()?.version();
  const gpus = info?.gpu.devices.map(
    ({ vendorString, vendorId, deviceString, deviceId, driverVendor, driverVersion }) => {
      const id = `${vendorId.toString(16)}:${deviceId.toString(16)}`;
      return `GPU ${[vendorString, deviceString, id].filter(Boolean).join(' ')}, driver ${`${driverVendor} ${driverVersion}`.trim() || 'unnamed'}`;
    },
  );
  return [
    `Chromium ${version}, ${platform()} ${release()}`,
    ...(gpus ?? []),
    new Date().toISOString().slice(0, 10),
  ];
}

/**
 * Measures a GPU in a fresh browser; prints tables, and with `out` writes them and every row there.
 * @param {import('playwright-core').BrowserType} chromium
 * @param {string} executablePath
 * @param {string} page the folder of the built page
 * @param {ReturnType<typeof optionsFrom>} options
 */
export async function measureGpu(chromium, executablePath, page, { models, small, out, torch }) {
  const [site, files] = [await serve(page), torch === undefined ? null : await serveLarge(torch)];
  const profile = mkdtempSync(join(tmpdir(), 'safelight-gpu-'));
  const more = process.env.CHROME_FLAGS?.split(' ').filter(Boolean) ?? [];
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    // Where a GPU is, Chromium itself is to run without a window, not its shell, which Playwright would tell to do without it.
    ...(small
      ? { args: [...LAUNCH_ARGS.webgpu, ...more] }
      : { headless: false, args: [...LAUNCH_ARGS.gpu, ...more], ignoreDefaultArgs: ['--disable-gpu'] }),
  });
  /** @type {Row[]} */
  const rows = [];
  const facts = await factsOf(context);
  const save = () => {
    if (out === undefined) return;
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'gpu.json'), JSON.stringify({ facts, rows }, null, 1));
    writeFileSync(join(out, 'gpu.md'), tables(rows, facts));
  };
  try {
    const tab = await context.newPage();
    await tab.exposeFunction('report', (/** @type {Row} */ row) => {
      console.log(row.kind === 'note' ? row.text : JSON.stringify(row).slice(0, 300));
      rows.push(row);
      save();
    });
    await tab.goto(`${site.url}gpu.html`);
    /** @type {Options} */
    const options = { models, small, torch: files?.url ?? null };
    await tab.evaluate((options) => globalThis.measureGpu(options), options);
    console.log(tables(rows, facts));
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
    files?.close();
    await site.close();
  }
}

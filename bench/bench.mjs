// `npm run bench` builds the app, measures it and writes docs/bench.md. `npm run bench -- memory`, `… full-size`, `… long`,
// `… live` and `… kills` measure only that part, of what is already built, and print it; `… gpu` measures the GPU of this machine (docs/gpu.md).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { findChromium } from '../e2e/chromium.mjs';
import { serve } from '../e2e/server.mjs';
import { buildPage } from './build-page.mjs';
import { fullSize } from './full-size.mjs';
import { measureGpu, optionsFrom } from './gpu/run.mjs';
import { countLosses } from './kills.mjs';
import { liveCanvas } from './live-canvas.mjs';
import { AMOUNTS, longUse, table } from './long.mjs';
import { sessionMemory } from './memory.mjs';
import { firstVisit, pageScriptBytes, warmRuns } from './page-bench.mjs';

const DIST = new URL('../dist', import.meta.url).pathname;
const REPORT = new URL('../docs/bench.md', import.meta.url);
/** What stands in the report from here on comes from `npm run bench -- long`, and stays. */
const LONG_USE = '\n## Long use';
const TIMES = 5;
const [SD15, SDXL] = /** @type {const} */ (['stable-diffusion-v1-5', 'stable-diffusion-xl-base-1.0']);

/** @param {readonly number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/**
 * @param {string} what
 * @param {string} target
 * @param {readonly number[]} values
 * @param {string} unit
 */
function row(what, target, values, unit) {
  const shown = values.map((value) => value.toFixed(1)).join(', ');
  const line = `| ${what} | ${target} | **${median(values).toFixed(1)} ${unit}** | ${shown} |`;
  console.log(line);
  return line;
}

/**
 * The amounts that the command line asks for: `--minutes 60`.
 * @template {Record<string, number>} T
 * @param {T} usual @returns {T}
 */
function amountsFrom(usual) {
  const options = Object.fromEntries(
    Object.keys(usual).map((name) => [name, /** @type {const} */ ({ type: 'string' })]),
  );
  const { values } = parseArgs({ args: process.argv.slice(3), options });
  const asked = Object.entries(values).map(([name, value]) => [name, Number(value)]);
  return { ...usual, ...Object.fromEntries(asked) };
}

/** @param {string} executablePath */
async function machine(executablePath) {
  const browser = await chromium.launch({ executablePath });
  const version = browser.version();
  await browser.close();
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return [
    `- ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${release()}`,
    `- Chromium ${version} headless, onnxruntime-web ${dependencies['onnxruntime-web']}, Node ${process.version}`,
    `- ${new Date().toISOString().slice(0, 10)}; load average when it began ${loadavg()[0]?.toFixed(1)}`,
  ].join('\n');
}

const chromiumPath = findChromium();
if (process.argv[2] === 'gpu') {
  const page = new URL('../.build/bench-gpu', import.meta.url).pathname;
  await buildPage(new URL('gpu/gpu.html', import.meta.url).pathname, page);
  await measureGpu(chromium, chromiumPath, page, optionsFrom(process.argv.slice(3)));
  process.exit(0);
}
if (process.argv[2] === 'memory') {
  for (const model of [SD15, SDXL]) console.log(model, await sessionMemory(chromiumPath, model));
  process.exit(0);
}
if (process.argv[2] === 'full-size') {
  const app = await serve(DIST);
  console.log(await fullSize(app.url, chromiumPath));
  process.exit(0);
}
if (process.argv[2] === 'long') {
  /** @type {Parameters<typeof table>[0][number][]} */
  const notes = [];
  await longUse(chromiumPath, amountsFrom(AMOUNTS), (when, counts) => {
    notes.push({ when, counts });
    console.log(when, counts);
  });
  console.log(table(notes));
  process.exit(0);
}
if (process.argv[2] === 'live') {
  const app = await serve(DIST);
  console.log(await liveCanvas(app.url, chromiumPath, TIMES), `load average ${loadavg()[0]?.toFixed(1)}`);
  process.exit(0);
}
if (process.argv[2] === 'kills') {
  console.log(await countLosses(chromiumPath, amountsFrom({ kills: 100, minutes: 600 }), console.log));
  process.exit(0);
}

const facts = await machine(chromiumPath);
if (spawnSync('npx', ['vite', 'build'], { stdio: 'inherit' }).status !== 0)
  throw new Error('The build failed.');
const server = await serve(DIST);
const rows = [];
rows.push(row('Page JS before any model, gzip', '≤ 250 kB', [pageScriptBytes(DIST) / 1000], 'kB'));
rows.push(
  row(
    'Trinket, 20 steps with guidance, CPU: Generate → picture, warm',
    '≤ 6 s',
    await warmRuns(server.url, chromiumPath, TIMES),
    's',
  ),
);
rows.push(
  row(
    'Draw with Trinket, 4 steps, CPU: pen up → picture',
    '≤ 0.7 s',
    await liveCanvas(server.url, chromiumPath, TIMES),
    's',
  ),
);
const visits = [];
for (let i = 0; i < 3; i++) visits.push(await firstVisit(server.url, chromiumPath));
rows.push(row('The same, first visit → first picture, cold profile', '≤ 12 s', visits, 's'));
const whole = await fullSize(server.url, chromiumPath);
rows.push(
  row(
    `Stable Diffusion 1.5’s layout, ${whole.fileMB} MB in half precision: Download → stored and checked`,
    '',
    [whole.seconds],
    's',
  ),
);
rows.push(row('… peak of JS heap in the workers meanwhile', '≤ 300 MB', [whole.downloadHeapMB], 'MB'));
rows.push(
  row(
    '… then Generate → a picture of 64 × 64 in 2 steps on software WebGPU',
    '',
    [whole.pictureSeconds],
    's',
  ),
);
await server.close();
const memory = await sessionMemory(chromiumPath, SD15);
rows.push(
  row(
    `UNet file of ${memory.fileMB} MB → WebGPU session: peak of JS + wasm heap`,
    '≤ 300 MB',
    [memory.heapMB],
    'MB',
  ),
);
rows.push(row('… peak resident size of its renderer process', '', [memory.rendererMB], 'MB'));
rows.push(row('… time to create the session', '', [memory.seconds], 's'));
rows.push(row('… from the file to the GPU', '', [memory.fileMB / memory.seconds], 'MB/s'));
const large = await sessionMemory(chromiumPath, SDXL);
rows.push(
  row(
    `SDXL’s UNet in one file of ${large.fileMB} MB, half precision → session: peak of JS + wasm heap`,
    '≤ 300 MB',
    [large.heapMB],
    'MB',
  ),
);

const report = `# Bench

Written by \`npm run bench\`. A GPU is measured apart: [how](gpu.md#how-to-measure-a-gpu).

${facts}

| what | target | median | each |
| --- | --- | --- | --- |
${rows.join('\n')}

The UNet is the whole one of Stable Diffusion 1.5 (860 M parameters, f32, random weights in a safetensors file in OPFS), opened
by \`src/models\` and \`src/runtime\` for kernels of our own on software WebGPU. SDXL’s is a float16 file of its real shapes and of zeros.
The JS + wasm heap is V8's used heap plus its backing stores in the worker and its wasm memories, sampled every 100 ms. The resident size is the kernel's peak (VmHWM) and includes the browser's
code and the buffers shared with the GPU process. The download comes from a server on the same machine.
`;
mkdirSync(new URL('.', REPORT), { recursive: true });
const before = existsSync(REPORT) ? readFileSync(REPORT, 'utf8') : '';
const longUseSection = before.includes(LONG_USE) ? before.slice(before.indexOf(LONG_USE)) : '';
writeFileSync(REPORT, report + longUseSection);
console.log(report);

import { copyFileSync, readFileSync } from 'node:fs';
import { build } from 'vite';
import { serve } from '../e2e/server.mjs';
import { withFreshProfile } from './page-bench.mjs';

/** @typedef {import('@playwright/test').CDPSession} CDPSession */

const ROOT = new URL('.', import.meta.url).pathname;
const OUT = new URL('../.build/bench', import.meta.url).pathname;
const MB = 1e6;

/**
 * What the debugger sees of the page's worker.
 * @param {CDPSession} cdp of the page
 * @returns {Promise<(method: string, params?: object) => Promise<any>>}
 */
async function workerDebugger(cdp) {
  /** @type {Map<number, (result: unknown) => void>} */
  const waiting = new Map();
  let session = '';
  let count = 0;
  cdp.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type === 'worker' && !session) session = sessionId;
  });
  cdp.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message);
    waiting.get(id)?.(result);
  });
  await cdp.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  return async (method, params = {}) => {
    if (!session) return undefined;
    const id = ++count;
    const answer = new Promise((resolve) => waiting.set(id, resolve));
    const message = JSON.stringify({ id, method, params });
    await cdp.send('Target.sendMessageToTarget', { sessionId: session, message });
    // A worker deep in wasm may answer late; one sample lost is no harm.
    return Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 2000))]);
  };
}

/**
 * Peak resident bytes of a process, as Linux keeps it; 0 elsewhere.
 * @param {number} pid
 */
function peakResidentBytes(pid) {
  if (process.platform !== 'linux') return 0;
  const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

/**
 * Opens the synthetic UNet as a WebGPU session in a fresh browser and watches its memory.
 * @param {string} executablePath
 */
export async function sessionMemory(executablePath) {
  await build({
    configFile: false,
    root: ROOT,
    base: './',
    publicDir: false,
    logLevel: 'warn',
    worker: { format: 'es' },
    build: {
      outDir: OUT,
      emptyOutDir: true,
      target: 'es2022',
      rollupOptions: { input: `${ROOT}memory.html` },
    },
  });
  copyFileSync(new URL('../public/_headers', import.meta.url), `${OUT}/_headers`);
  const server = await serve(OUT);
  try {
    return await withFreshProfile(executablePath, 'webgpu', async (context) => {
      const page = await context.newPage();
      const ask = await workerDebugger(await context.newCDPSession(page));
      await page.goto(`${server.url}memory.html`);

      let peak = 0;
      const sample = async () => {
        const heap = await ask('Runtime.getHeapUsage');
        const wasm = await ask('Runtime.evaluate', { expression: 'globalThis.wasmBytes?.() ?? 0' });
        if (!heap || !wasm) return;
        peak = Math.max(
          peak,
          heap.usedSize + heap.embedderHeapUsedSize + heap.backingStorageSize + wasm.result.value,
        );
      };
      let over = false;
      const opened = page.evaluate(() => /** @type {any} */ (globalThis).openSyntheticUnet());
      const end = () => {
        over = true;
      };
      opened.then(end, end);
      while (!over) await Promise.all([sample(), new Promise((resolve) => setTimeout(resolve, 100))]);
      await sample();
      const { fileBytes, seconds } = await opened;

      const browser = await context.browser()?.newBrowserCDPSession();
      const { processInfo } = await /** @type {CDPSession} */ (browser).send('SystemInfo.getProcessInfo');
      const renderers = processInfo
        .filter(({ type }) => type === 'renderer')
        .map(({ id }) => peakResidentBytes(id));
      return {
        fileMB: Math.round(fileBytes / MB),
        seconds,
        heapMB: peak / MB,
        rendererMB: Math.max(...renderers) / MB,
      };
    });
  } finally {
    await server.close();
  }
}

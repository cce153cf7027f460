import { attachToWorkers } from './heap.mjs';
import { residentBytes } from './memory.mjs';

/** @typedef {import('@playwright/test').BrowserContext} BrowserContext */
/** @typedef {import('@playwright/test').Page} Page */

/**
 * What there is at one moment, after the garbage is gone.
 * @typedef {object} Counts
 * @property {number} pageHeapMB V8's heap of the page.
 * @property {number} workerHeapMB V8's heaps of its workers, with their backing stores.
 * @property {number} wasmMB The wasm memories of the workers.
 * @property {number} gpuBuffers Buffers on GPU devices that were neither destroyed nor lost with their device.
 * @property {number} gpuMB Their bytes.
 * @property {number} bitmaps ImageBitmaps of the page that are not closed.
 * @property {number} objectUrls Object URLs of the page that are not revoked.
 * @property {number} listeners Event listeners of the page.
 * @property {number} nodes Nodes of the page's documents, those that only scripts hold among them.
 * @property {number} opfsMB Bytes of the origin private file system.
 * @property {number} rows Rows in all databases.
 * @property {number} rendererMB Resident bytes of the page's process, code and shared memory included.
 */

/** What stands before the worker's own script: it counts GPU buffers and wasm memories. */
export const WORKER_PRELUDE = `(${countInWorker})();\n`;

/** Runs in a worker before everything else. */
function countInWorker() {
  /** @type {Map<GPUDevice, Map<GPUBuffer, number>>} */
  const devices = new Map();
  /** @type {Set<WebAssembly.Memory>} */
  const memories = new Set();
  Object.assign(globalThis, {
    counts: () => {
      const sizes = [...devices.values()].flatMap((buffers) => [...buffers.values()]);
      return {
        wasmBytes: [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
        gpuBuffers: sizes.length,
        gpuBytes: sizes.reduce((sum, size) => sum + size, 0),
      };
    },
  });

  if ('GPUDevice' in globalThis) {
    const { createBuffer, destroy } = GPUDevice.prototype;
    GPUDevice.prototype.createBuffer = function (descriptor) {
      const buffer = createBuffer.call(this, descriptor);
      const buffers = devices.get(this) ?? new Map();
      devices.set(this, buffers.set(buffer, descriptor.size));
      return buffer;
    };
    GPUDevice.prototype.destroy = function () {
      devices.delete(this);
      return destroy.call(this);
    };
    const destroyBuffer = GPUBuffer.prototype.destroy;
    GPUBuffer.prototype.destroy = function () {
      for (const buffers of devices.values()) buffers.delete(this);
      return destroyBuffer.call(this);
    };
  }

  WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
    construct(target, args) {
      const memory = new target(.../** @type {[WebAssembly.MemoryDescriptor]} */ (args));
      memories.add(memory);
      return memory;
    },
  });
  for (const name of /** @type {const} */ (['instantiate', 'instantiateStreaming'])) {
    const original = /** @type {any} */ (WebAssembly[name]);
    Object.assign(WebAssembly, {
      [name]: async (/** @type {unknown[]} */ ...args) => {
        const result = await original(...args);
        const { exports } = result.instance ?? result;
        for (const value of Object.values(exports))
          if (value instanceof WebAssembly.Memory) memories.add(value);
        return result;
      },
    });
  }
}

/** Runs in the page before its own script. */
function countInPage() {
  const urls = new Set();
  Object.assign(globalThis, { objectUrls: urls });
  const { createObjectURL, revokeObjectURL } = URL;
  URL.createObjectURL = (object) => {
    const url = createObjectURL.call(URL, object);
    urls.add(url);
    return url;
  };
  URL.revokeObjectURL = (url) => {
    urls.delete(url);
    revokeObjectURL.call(URL, url);
  };
}

/** Runs in the page: what it has stored. */
async function stored() {
  /** @param {FileSystemDirectoryHandle} folder @returns {Promise<number>} */
  const bytesIn = async (folder) => {
    let bytes = 0;
    for await (const entry of folder.values())
      bytes +=
        entry.kind === 'directory'
          ? await bytesIn(/** @type {FileSystemDirectoryHandle} */ (entry))
          : (await /** @type {FileSystemFileHandle} */ (entry).getFile()).size;
    return bytes;
  };
  /** @param {IDBRequest<any>} request @returns {Promise<any>} */
  const answer = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  let rows = 0;
  for (const { name } of await indexedDB.databases()) {
    const database = await answer(indexedDB.open(/** @type {string} */ (name)));
    for (const store of database.objectStoreNames)
      rows += await answer(database.transaction(store).objectStore(store).count());
    database.close();
  }
  return { opfsBytes: await bytesIn(await navigator.storage.getDirectory()), rows };
}

/**
 * Prepares a page to be counted, before it is opened.
 * @param {BrowserContext} context @param {Page} page
 * @returns {Promise<() => Promise<Counts>>}
 */
export async function counter(context, page) {
  await page.addInitScript(countInPage);
  const cdp = await context.newCDPSession(page);
  await cdp.send('HeapProfiler.enable');
  await cdp.send('Performance.enable');
  const { sessions, ask } = await attachToWorkers(cdp);
  const browser = await context.browser()?.newBrowserCDPSession();
  const MB = 1e6;

  const openBitmaps = async () => {
    const { result } = await cdp.send('Runtime.evaluate', { expression: 'ImageBitmap.prototype' });
    const { objects } = await cdp.send('Runtime.queryObjects', {
      prototypeObjectId: /** @type {string} */ (result.objectId),
      objectGroup: 'bitmaps',
    });
    const open = await cdp.send('Runtime.callFunctionOn', {
      objectId: /** @type {string} */ (objects.objectId),
      functionDeclaration: 'function () { return this.filter(({ width }) => width > 0).length; }',
      returnByValue: true,
    });
    await cdp.send('Runtime.releaseObjectGroup', { objectGroup: 'bitmaps' });
    return open.result.value;
  };
  /** @param {string} session */
  const ofWorker = async (session) => {
    await ask(session, 'HeapProfiler.collectGarbage');
    const heap = await ask(session, 'Runtime.getHeapUsage');
    const counted = await ask(session, 'Runtime.evaluate', {
      expression: 'globalThis.counts?.()',
      returnByValue: true,
    });
    const counts = counted?.result?.value ?? { wasmBytes: 0, gpuBuffers: 0, gpuBytes: 0 };
    return { ...counts, heap: heap ? heap.usedSize + heap.backingStorageSize : 0 };
  };

  return async () => {
    await cdp.send('HeapProfiler.collectGarbage');
    const page0 = await cdp.send('Runtime.getHeapUsage');
    const { metrics } = await cdp.send('Performance.getMetrics');
    const metric = (/** @type {string} */ name) => metrics.find((one) => one.name === name)?.value ?? 0;
    const workers = await Promise.all([...sessions].map(ofWorker));
    const sum = (/** @type {string} */ name) => workers.reduce((all, one) => all + one[name], 0);
    const inPage = await page.evaluate(stored);
    const objectUrls = await page.evaluate(() => /** @type {any} */ (globalThis).objectUrls.size);
    const info = await browser?.send('SystemInfo.getProcessInfo');
    const renderers = info?.processInfo.filter(({ type }) => type === 'renderer') ?? [];
    return {
      pageHeapMB: page0.usedSize / MB,
      workerHeapMB: sum('heap') / MB,
      wasmMB: sum('wasmBytes') / MB,
      gpuBuffers: sum('gpuBuffers'),
      gpuMB: sum('gpuBytes') / MB,
      bitmaps: await openBitmaps(),
      objectUrls,
      listeners: metric('JSEventListeners'),
      nodes: metric('Nodes'),
      opfsMB: inPage.opfsBytes / MB,
      rows: inPage.rows,
      rendererMB: Math.max(0, ...renderers.map(({ id }) => residentBytes(id, 'VmRSS'))) / MB,
    };
  };
}

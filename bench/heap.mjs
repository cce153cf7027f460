/** @typedef {import('@playwright/test').CDPSession} CDPSession */

/**
 * The workers of a page, as the debugger sees them.
 * @param {CDPSession} cdp of the page, before it starts its workers
 */
export async function attachToWorkers(cdp) {
  /** @type {Set<string>} */
  const sessions = new Set();
  /** @type {Map<number, (result: any) => void>} */
  const waiting = new Map();
  let count = 0;
  cdp.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type === 'worker') sessions.add(sessionId);
  });
  cdp.on('Target.detachedFromTarget', ({ sessionId }) => sessions.delete(sessionId));
  cdp.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message);
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  await cdp.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });

  /** @param {string} sessionId @param {string} method @param {object} [params] @returns {Promise<any>} */
  const ask = async (sessionId, method, params = {}) => {
    const id = ++count;
    const answer = new Promise((resolve) => waiting.set(id, resolve));
    await cdp.send('Target.sendMessageToTarget', {
      sessionId,
      message: JSON.stringify({ id, method, params }),
    });
    // A worker busy in wasm may answer late; losing one sample does no harm.
    return Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 2000))]);
  };
  return { sessions, ask };
}

/**
 * Watches the heaps of a page's workers: V8's with its backing stores, and their wasm memories where the worker counts them
 * (wasm-memories.ts).
 * @param {CDPSession} cdp of the page, before it starts its workers
 */
export async function watchHeaps(cdp) {
  const { sessions, ask } = await attachToWorkers(cdp);
  /** @param {string} session */
  const bytesOf = async (session) => {
    const heap = await ask(session, 'Runtime.getHeapUsage');
    const wasm = await ask(session, 'Runtime.evaluate', { expression: 'globalThis.wasmBytes?.() ?? 0' });
    if (!heap || !wasm) return 0;
    return heap.usedSize + heap.embedderHeapUsedSize + heap.backingStorageSize + wasm.result.value;
  };

  return {
    /**
     * The most bytes at once, sampled ten times a second until `work` is over.
     * @param {Promise<unknown>} work
     */
    async peakDuring(work) {
      let peak = 0;
      let over = false;
      const end = () => {
        over = true;
      };
      work.then(end, end);
      const sample = async () => {
        const each = await Promise.all([...sessions].map(bytesOf));
        peak = Math.max(
          peak,
          each.reduce((sum, bytes) => sum + bytes, 0),
        );
      };
      while (!over) await Promise.all([sample(), new Promise((resolve) => setTimeout(resolve, 100))]);
      await sample();
      return peak;
    },
  };
}

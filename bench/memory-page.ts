import '../src/protocol/trusted-types.ts';
import type { SyntheticModel } from '../src/measure/components.ts';
import type { Opened } from './memory-worker.ts';

/** Called by memory.mjs when it watches the page. */
async function openSyntheticUnet(model: SyntheticModel): Promise<Opened> {
  const worker = new Worker(new URL('./memory-worker.ts', import.meta.url), { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Opened | { failed: string }>) =>
      'failed' in data ? reject(new Error(data.failed)) : resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(model);
  });
}

Object.assign(globalThis, { openSyntheticUnet });

import '../../src/protocol/trusted-types.ts';
import type { Options, Row } from './rows.ts';

declare global {
  /** run.mjs's: called with each row as it is there. */
  var report: (row: Row) => Promise<void>;
  /** Called by run.mjs. */
  var measureGpu: (options: Options) => Promise<void>;
}

globalThis.measureGpu = (options) => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Row | 'done'>) =>
      data === 'done' ? resolve() : void globalThis.report(data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(options);
  });
};

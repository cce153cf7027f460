import { ownName } from '../protocol/root.ts';
import { webLocks } from '../protocol/web-locks.ts';
import type { WorkerLink } from './client.ts';
import { onWorkerEnd } from './worker-end.ts';

/** Starts the engine in a new worker. */
export function startWorker(): WorkerLink {
  const name = ownName(`worker.${crypto.getRandomValues(new Uint32Array(2)).join('-')}`);
  const worker = new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module', name });
  return {
    port: worker,
    onCrash: (listener) => {
      const once = { once: true };
      worker.addEventListener(
        'error',
        (event) => listener(event.message || 'The engine could not be started.'),
        once,
      );
      worker.addEventListener(
        'messageerror',
        () => listener('A message of the engine could not be read.'),
        once,
      );
      onWorkerEnd(worker, name, webLocks(), () => listener('The engine ended without a word.'));
    },
    terminate: () => worker.terminate(),
  };
}

import type { WorkerLink } from './client.ts';

/** Starts the engine in a new worker. */
export function startWorker(): WorkerLink {
  const worker = new Worker(new URL('../worker/main.ts', import.meta.url), {
    type: 'module',
    name: 'safelight',
  });
  return {
    port: worker,
    onCrash: (listener) => {
      worker.addEventListener(
        'error',
        (event) => listener(event.message || 'The engine could not be started.'),
        { once: true },
      );
      worker.addEventListener('messageerror', () => listener('A message of the engine could not be read.'), {
        once: true,
      });
    },
    terminate: () => worker.terminate(),
  };
}

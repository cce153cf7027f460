import type { ClientMessage, Port, WorkerMessage } from '../protocol/messages.ts';

/**
 * Calls `listener` when a worker has ended in whatever way, perhaps twice: one that is closed, or that the browser ends to get its memory
 * back, fires no event of its own. A worker that only computes is not mistaken for one that has ended, however long it takes.
 * @param name the worker's; the Web Lock that it holds as long as it lives
 * @param locks where there are none (outside of secure contexts), or they are refused, a MessagePort tells, in browsers that say
 * when one is closed
 */
export function onWorkerEnd(
  worker: Port,
  name: string,
  locks: LockManager | undefined,
  listener: () => void,
): void {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('close', listener, { once: true });
  port1.start();
  worker.postMessage({ kind: 'life', port: port2 } satisfies ClientMessage, [port2]);
  worker.addEventListener('message', ({ data }) => {
    // Only now: asked before the worker holds it, the lock would be ours at once.
    if ((data as WorkerMessage).kind === 'lives') locks?.request(name, listener).catch(() => {});
  });
}

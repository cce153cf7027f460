import { expect, test, vi } from 'vitest';
import type { Port } from '../protocol/messages.ts';
import { type Handlers, holdLife, serve } from '../worker/serve.ts';
import { Client } from './client.ts';
import { PATIENCE, PROBE, REPORT } from './samples/workers.ts';
import { onWorkerEnd } from './worker-end.ts';

/** Web Locks as far as they are used here: one lock, held until its holder's promise ends or its worker does. */
function oneLock() {
  const waiting: (() => unknown)[] = [];
  let isHeld = false;
  const request = (_: string, callback: () => unknown) => {
    if (isHeld) waiting.push(callback);
    else {
      isHeld = true;
      callback();
    }
    return Promise.resolve();
  };
  const endHolder = () => {
    isHeld = false;
    waiting.shift()?.();
  };
  return { locks: { request } as unknown as LockManager, endHolder };
}

function connect() {
  const { port1, port2 } = new MessageChannel();
  port1.start();
  port2.start();
  return { page: port1 as unknown as Port, worker: port2 as unknown as Port, close: () => port1.close() };
}

test('a worker that ends without a word gives its lock to the page', async () => {
  const { locks, endHolder } = oneLock();
  const { page, worker, close } = connect();
  const listener = vi.fn();
  onWorkerEnd(page, 'worker.1', locks, listener);
  const lives = vi.fn();
  page.addEventListener('message', lives);
  holdLife(worker, locks, 'worker.1');
  await vi.waitFor(() => expect(lives).toHaveBeenCalled());
  expect(listener, 'it lives').not.toHaveBeenCalled();
  endHolder();
  expect(listener).toHaveBeenCalledOnce();
  close();
});

const refused = () => Promise.reject(new DOMException('The operation is insecure.', 'SecurityError'));

test.each([
  ['without Web Locks', undefined],
  ['where Web Locks are refused', { request: refused } as unknown as LockManager],
])('%s a port tells, which closes with the worker', async (_, locks) => {
  const { page, worker, close } = connect();
  const listener = vi.fn();
  const kept = new Promise<MessagePort>((resolve) => {
    worker.addEventListener('message', ({ data }) => resolve(data.port));
  });
  onWorkerEnd(page, 'worker.1', locks, listener);
  holdLife(worker, locks, 'worker.1');
  const port = await kept;
  expect(listener).not.toHaveBeenCalled();
  port.close();
  await vi.waitFor(() => expect(listener).toHaveBeenCalledOnce());
  close();
});

test('nothing is begun that could end a worker before its lock is held', async () => {
  const { page, worker, close } = connect();
  let grant = (): unknown => undefined;
  const request = (_: string, hold: () => unknown) => {
    grant = hold;
    return new Promise(() => {});
  };
  const life = holdLife(worker, { request } as unknown as LockManager, 'worker.1');
  const probe = vi.fn(async () => REPORT);
  serve(worker, { probe } as unknown as Handlers, () => {}, life);
  const client = new Client(() => ({ port: page, onCrash: () => {}, terminate: () => {} }), PATIENCE);
  const answer = client.call('probe', PROBE);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(probe).not.toHaveBeenCalled();
  grant();
  expect(await answer).toEqual(REPORT);
  close();
});

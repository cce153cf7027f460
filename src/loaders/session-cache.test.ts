import { expect, test } from 'vitest';
import { Graph } from '../graph/graph.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Session } from '../runtime/session.ts';
import { SessionCache } from './session-cache.ts';

const GRAPH = new Graph('unet', { provider: 'webgpu', dtype: 'float16' });

/** A cache on a device that opens sessions beside others or not, and what was opened and released, in order. */
function stage(canShare: boolean) {
  const log: string[] = [];
  const session = (name: string): Session => {
    log.push(`+${name}`);
    return {
      run: async () => ({}),
      ...(canShare && { openBeside: async () => session(`${name} beside`) }),
      release: async () => void log.push(`-${name}`),
    };
  };
  const sessions = new SessionCache({} as Runtime, () => {});
  const open = (shape: number) => sessions.open('unet', shape, async () => session(`unet ${shape}`));
  const openBeside = (shape: number) => sessions.openBeside('unet', shape, async () => GRAPH);
  return { sessions, log, open, openBeside };
}

test('a session beside another is opened once, and closed with it, before it', async () => {
  const { sessions, log, open, openBeside } = stage(true);
  await open(2);
  expect(await openBeside(1)).toBe(await openBeside(1));
  await open(2);
  expect(log.splice(0)).toEqual(['+unet 2', '+unet 2 beside']);
  await open(3);
  expect(log.splice(0)).toEqual(['-unet 2 beside', '-unet 2', '+unet 3']);
  await sessions.release();
  expect(log).toEqual(['-unet 3']);
});

test('there is none where the device would load the weights again', async () => {
  const { log, open, openBeside } = stage(false);
  await open(2);
  expect(await openBeside(1)).toBeUndefined();
  expect(log).toEqual(['+unet 2']);
});

import { expect, test } from 'vitest';
import { ownName } from '../../protocol/root.ts';
import { createMemoryStore, memoryDevice } from './memory-store.ts';

function storage(initial?: string) {
  const kept = new Map(initial === undefined ? [] : [[ownName('memory'), initial]]);
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

test('after a shortage a device is asked for less, also after a reload', () => {
  const kept = storage();
  const memory = createMemoryStore(() => kept);
  memory.getState().noteShortage('WebGPU · X', 1000);
  memory.getState().noteShortage('WebGPU · X', 2000);
  memory.getState().noteShortage('CPU · 4 threads', 500);
  expect(createMemoryStore(() => kept).getState().held).toEqual({
    'WebGPU · X': 800,
    'CPU · 4 threads': 400,
  });
  memory.getState().noteShortage('WebGPU · X', 800);
  expect(memory.getState().held['WebGPU · X']).toBe(640);
});

test.each([
  'null',
  '{}',
  '{"state":{"held":[]},"version":1}',
  '{"state":{"held":{"x":"much","y":-1}},"version":1}',
])('stored %s is ignored', (stored) => {
  expect(createMemoryStore(() => storage(stored)).getState().held).toEqual({});
});

test('each device has its own name', () => {
  const report = { auto: 'webgpu', gpu: 'X', threads: 4 } as const;
  const offered = { report, used: {} };
  expect(memoryDevice(offered, 'auto')).toBe('WebGPU · X');
  expect(memoryDevice(offered, 'wasm')).toBe('CPU · 4 threads');
  expect(memoryDevice({ report: null, used: {} }, 'auto')).toBe('auto');
  const onCpu = { report, used: { auto: { provider: 'wasm', threads: 4 } } } as const;
  expect(memoryDevice(onCpu, 'auto'), 'what ran counts more').toBe('CPU · 4 threads');
});

import { expect, test } from 'vitest';
import { createMemoryStore, memoryDevice } from './memory-store.ts';

function storage(initial?: string) {
  const kept = new Map(initial === undefined ? [] : [['safelight.memory', initial]]);
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

test('a device that ran out is asked for less, and that is remembered', () => {
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
])('what was stored as %s is nothing', (stored) => {
  expect(createMemoryStore(() => storage(stored)).getState().held).toEqual({});
});

test('each device has a name of its own', () => {
  const report = { auto: 'webgpu', gpu: 'X', f16: true, threads: 4 } as const;
  expect(memoryDevice(report, 'auto')).toBe('WebGPU · X');
  expect(memoryDevice(report, 'wasm')).toBe('CPU · 4 threads');
  expect(memoryDevice(null, 'auto')).toBe('auto');
});

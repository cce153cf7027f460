import { expect, test } from 'vitest';
import { ownName } from '../../protocol/root.ts';
import { createMemoryStore, heldCount, leastHeld, memoryDevice, memoryKey } from './memory-store.ts';

function storage(initial?: string) {
  const kept = new Map(initial === undefined ? [] : [[ownName('memory'), initial]]);
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

test('after a shortage a kind of run is asked for less, also after a reload', () => {
  const kept = storage();
  const memory = createMemoryStore(() => kept);
  expect(memory.getState().noteShortage('WebGPU · X · a/b · 512×512', 1000)).toBe(800);
  expect(memory.getState().noteShortage('WebGPU · X · a/b · 512×512', 2000)).toBe(800);
  memory.getState().noteShortage('WebGPU · X · a/b · 1024×1024', 500);
  memory.getState().noteBits('WebGPU · X · a/b · 1024×1024', 8);
  expect(createMemoryStore(() => kept).getState().held).toEqual({
    'WebGPU · X · a/b · 512×512': { bytes: 800, bits: null },
    'WebGPU · X · a/b · 1024×1024': { bytes: 400, bits: 8 },
  });
  expect(leastHeld(memory.getState(), 'WebGPU · X')).toBe(400);
  expect(leastHeld(memory.getState(), 'WebGPU · Y')).toBeUndefined();
  expect(memory.getState().noteShortage('WebGPU · X · a/b · 1024×1024', 400)).toBe(200);
  expect(memory.getState().held['WebGPU · X · a/b · 1024×1024']).toEqual({ bytes: 200, bits: 8 });
});

test('a hundred kinds of runs are remembered, the last ones', () => {
  const memory = createMemoryStore(() => storage());
  for (let i = 0; i < 120; i++) memory.getState().noteShortage(String(i), 10);
  expect(Object.keys(memory.getState().held)).toHaveLength(100);
  expect(memory.getState().held).toHaveProperty('119');
});

test('a kind of run is a device, a model and the largest size', () => {
  const size = { model: 'a/b', width: 512, height: 768 };
  expect(memoryKey('GPU', { ...size, hires: null })).toBe('GPU · a/b · 512×768');
  const hires = { scale: 2, strength: 0.5, steps: 9, upscaler: 'latent' } as const;
  expect(memoryKey('GPU', { ...size, hires })).toBe('GPU · a/b · 1024×1536');
});

test.each([
  'null',
  '{}',
  '{"state":{"held":{"WebGPU · X":800}},"version":1}',
  '{"state":{"held":[]},"version":2}',
  '{"state":{"held":{"x":{"bytes":"much"},"y":{"bytes":-1},"z":null}},"version":2}',
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

test('what ran out of memory on a device can be forgotten; what did on others stays', () => {
  const kept = storage();
  const memory = createMemoryStore(() => kept);
  for (const key of ['WebGPU · X · a/b · 512×512', 'WebGPU · X · c/d · 64×64', 'WebGPU · X2 · a/b · 512×512'])
    memory.getState().noteShortage(key, 1000);
  expect(heldCount(memory.getState(), 'WebGPU · X')).toBe(2);
  memory.getState().forget('WebGPU · X');
  const next = createMemoryStore(() => kept);
  expect(heldCount(next.getState(), 'WebGPU · X')).toBe(0);
  expect(heldCount(next.getState(), 'WebGPU · X2')).toBe(1);
  // The next run asks for as much as the first one.
  expect(next.getState().noteShortage('WebGPU · X · a/b · 512×512', 1000)).toBe(800);
});

import { describe, expect, test } from 'vitest';
import { type MemoryFacts, planMemory } from './memory-plan.ts';

const GB = 1e9;
/** Stable Diffusion 1.5 at 512 × 512, its true sizes. */
const SD15: MemoryFacts = {
  target: { provider: 'webgpu', dtype: 'float16' },
  parameters: { text_encoder: 123_060_480, unet: 859_520_964, vae: 83_653_863 },
  ...{ channels: 320, heads: 8, vaeChannels: 128, vaeUpcast: false },
  ...{ height: 64, width: 64, scale: 8, guided: true },
};
/** SDXL at 1024 × 1024: its first attention sees a quarter of the pixels, a sixteenth of their square. */
const SDXL: MemoryFacts = {
  ...SD15,
  parameters: {
    text_encoder: 123_060_480,
    text_encoder_2: 694_659_840,
    unet: 2_567_463_684,
    vae: 83_653_863,
  },
  ...{ heads: 10 / 16, vaeUpcast: true, height: 128, width: 128 },
};

test('Stable Diffusion 1.5 in half precision stays loaded on 8 GB, and runs part by part on 4', () => {
  expect(planMemory(SD15, 'auto', null)).toMatchObject({
    residency: 'all',
    guidance: 'together',
    vae: 'whole',
    fits: true,
  });
  expect(planMemory(SD15, 'auto', 3.5 * GB)).toMatchObject({ residency: 'one-by-one', fits: true });
});

test('what is chosen is done, and said when it may not fit', () => {
  expect(planMemory(SD15, 'one-by-one', null)).toMatchObject({ residency: 'one-by-one', fits: true });
  expect(planMemory(SD15, 'all', 2 * GB)).toMatchObject({ residency: 'all', fits: false });
});

test('SDXL in half precision is told to be too large for 8 GB, and tiles its decoder', () => {
  const plan = planMemory(SDXL, 'auto', null);
  expect(plan).toMatchObject({ residency: 'one-by-one', vae: 'tiled', fits: false });
  expect(plan.bytes).toBeGreaterThan(7.5 * GB);
});

describe('what is asked for more of takes more', () => {
  const bytes = (change: Partial<MemoryFacts>) => planMemory({ ...SD15, ...change }, 'all', null).bytes;
  test.each([
    ['pixels', { height: 96 }],
    ['precision', { target: { provider: 'webgpu', dtype: 'float32' } }],
    ['parameters', { parameters: { ...SD15.parameters, unet: 1e9 } }],
  ] as const)('%s', (_, change) => expect(bytes(change)).toBeGreaterThan(bytes({})));
});

test('texts run in turn where both together are too much', () => {
  const large = { ...SD15, height: 128, width: 128 };
  expect(planMemory(large, 'auto', 9 * GB)).toMatchObject({ guidance: 'in-turn' });
  expect(planMemory({ ...large, guided: false }, 'auto', 9 * GB)).toMatchObject({ guidance: 'together' });
});

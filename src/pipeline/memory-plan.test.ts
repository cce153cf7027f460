import { describe, expect, test } from 'vitest';
import { SDXL_SIZES } from '../catalog/samples/sdxl-sizes.ts';
import type { GraphTarget } from '../graph/graph.ts';
import {
  type MemoryNeeds,
  type UNetSize,
  unetActivations,
  vaeActivations,
  vaeLargestMap,
} from '../loaders/memory-estimate.ts';
import { planMemory } from '../loaders/memory-plan.ts';
import type { MemoryChoice } from '../protocol/device.ts';
import type { Size } from '../protocol/placement.ts';
import { evaluationBytes } from './evaluation-bytes.ts';

const GB = 1e9;

interface Case {
  readonly dtype: GraphTarget['dtype'];
  /** Numbers in each component's weights. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly unet: UNetSize;
  readonly vaeChannels: number;
  /** The VAE is computed in float32. */
  readonly isVaeUpcast: boolean;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Of each evaluation. */
  readonly guided: readonly boolean[];
  readonly ownKernels?: boolean;
  readonly largestTensor?: number;
}

/** Stable Diffusion 1.5 at 512 × 512, with its real sizes. */
const SD15: Case = {
  dtype: 'float16',
  parameters: { text_encoder: 123_060_480, unet: 859_520_964, vae: 83_653_863 },
  unet: { channels: 320, heads: 8, levelsBeforeAttention: 0 },
  ...{ vaeChannels: 128, isVaeUpcast: false, width: 512, height: 512, guided: [true] },
};
/** SDXL at 1024 × 1024: its first level has no attention. */
const SDXL: Case = {
  ...SD15,
  parameters: {
    text_encoder: 123_060_480,
    text_encoder_2: 694_659_840,
    unet: 2_567_463_684,
    vae: 83_653_863,
  },
  unet: { channels: 320, heads: 10, levelsBeforeAttention: 1 },
  ...{ isVaeUpcast: true, width: 1024, height: 1024 },
};

function plan(of: Case, choice: MemoryChoice, deviceBytes: number | null) {
  const bytes = of.dtype === 'float16' ? 2 : 4;
  const vaeBytes = of.isVaeUpcast ? 4 : bytes;
  const weights = Object.entries(of.parameters).map(([name, count]) => {
    return [name, count * (name === 'vae' ? vaeBytes : bytes)] as const;
  });
  const latents = { width: of.width / 8, height: of.height / 8 };
  const { dtype, guided, ownKernels = false, largestTensor = Number.POSITIVE_INFINITY } = of;
  const decoding = (size: Size) => vaeBytes * vaeActivations(of.vaeChannels, size, ownKernels);
  const needs: MemoryNeeds = {
    weights: Object.fromEntries(weights),
    denoiser: bytes * unetActivations(of.unet, latents, ownKernels),
    attentions: 0,
    vae: {
      weights: vaeBytes * (of.parameters.vae ?? 0),
      ...{ whole: decoding(of), tile: decoding({ width: 512, height: 512 }) },
      largestMap: vaeBytes * vaeLargestMap(of.vaeChannels, of),
    },
  };
  const target = { provider: 'webgpu', dtype, ownKernels } as const;
  const evaluations = guided.map((isGuided) => ({ texts: isGuided ? 'both' : 'prompt' }) as const);
  const bytesOf = evaluationBytes(needs, evaluations, ownKernels);
  return planMemory(needs, { target, largestTensor, evaluations: bytesOf, choice, deviceBytes });
}

test('Stable Diffusion 1.5 in half precision stays loaded on 8 GB, and runs part by part on 4', () => {
  expect(plan(SD15, 'auto', null)).toMatchObject({
    residency: 'all',
    guidance: 'together',
    vae: 'whole',
    fits: true,
  });
  expect(plan(SD15, 'auto', 3.5 * GB)).toMatchObject({ residency: 'one-by-one', fits: true });
});

test('the person’s choice is followed, and the plan says when it may not fit', () => {
  expect(plan(SD15, 'one-by-one', null)).toMatchObject({ residency: 'one-by-one', fits: true });
  expect(plan(SD15, 'all', 2 * GB)).toMatchObject({ residency: 'all', fits: false });
});

test('SDXL in half precision doesn’t fit 8 GB by onnxruntime, but by our own kernels, and its decoder runs in tiles', () => {
  const planned = plan(SDXL, 'auto', null);
  expect(planned).toMatchObject({ residency: 'one-by-one', vae: 'tiled', fits: false });
  expect(planned.bytes).toBeGreaterThan(7.5 * GB);
  const own = plan({ ...SDXL, ownKernels: true }, 'auto', null);
  expect(own).toMatchObject({ residency: 'one-by-one', guidance: 'together', vae: 'tiled', fits: true });
  expect(own.bytes).toBeLessThan(5.5 * GB);
});

test('less and less memory: each plan takes less until none does', () => {
  let [planned, bytes] = [plan({ ...SDXL, ownKernels: true }, 'auto', 20 * GB), 20 * GB];
  const ways: string[] = [];
  for (;;) {
    ways.push(`${planned.residency} ${planned.guidance} ${planned.vae}`);
    if (!planned.hasLess) break;
    expect(planned.bytes).toBeLessThanOrEqual(bytes);
    bytes = planned.bytes - 1;
    planned = plan({ ...SDXL, ownKernels: true }, 'auto', bytes);
  }
  expect(ways).toEqual([
    ...['all together tiled', 'all in-turn tiled', 'one-by-one together tiled', 'one-by-one in-turn tiled'],
  ]);
  expect(planned.fits).toBe(true);
  expect(plan({ ...SDXL, ownKernels: true }, 'auto', 1)).toMatchObject({ fits: false, hasLess: false });
});

test.each(SDXL_SIZES)('SDXL at %d × %d takes what its area takes, not its longer side', (width, height) => {
  const own = { ...SDXL, ownKernels: true };
  const square = plan(own, 'auto', null);
  const planned = plan({ ...own, width, height }, 'auto', null);
  expect(planned).toMatchObject({ residency: square.residency, guidance: square.guidance, vae: square.vae });
  expect(planned.bytes).toBeLessThanOrEqual(square.bytes);
  expect(planned.bytes).toBeGreaterThan(0.9 * square.bytes);
});

describe('more memory is needed for more', () => {
  const bytes = (change: Partial<Case>) => plan({ ...SD15, ...change }, 'all', null).bytes;
  test.each([
    ['pixels', { height: 768 }],
    ['precision', { dtype: 'float32' }],
    ['parameters', { parameters: { ...SD15.parameters, unet: 1e9 } }],
  ] as const)('%s', (_, change) => expect(bytes(change)).toBeGreaterThan(bytes({})));
});

test('texts run one after the other where both at once don’t fit', () => {
  const large = { ...SD15, height: 1024, width: 1024 };
  expect(plan(large, 'auto', 9 * GB)).toMatchObject({ guidance: 'in-turn' });
  expect(plan({ ...large, guided: [false] }, 'auto', 9 * GB)).toMatchObject({ guidance: 'together' });
});

test('a picture whose maps the GPU cannot bind is decoded in tiles, however much memory there is', () => {
  // 256 channels of 512 × 512 in half precision: the 128 MiB that every GPU binds.
  const least = 2 ** 27;
  expect(plan({ ...SD15, largestTensor: least }, 'auto', null).vae).toBe('whole');
  expect(plan({ ...SD15, largestTensor: least, width: 576 }, 'auto', null).vae).toBe('tiled');
  expect(plan({ ...SD15, width: 576 }, 'auto', null).vae).toBe('whole');
});

test('our own kernels keep no scores of attention, so that both texts fit at once', () => {
  const large = { ...SD15, height: 1024, width: 1024 };
  expect(plan(large, 'auto', null).guidance).toBe('in-turn');
  expect(plan({ ...large, ownKernels: true }, 'auto', null)).toMatchObject({
    guidance: 'together',
    fits: true,
  });
});

test('where a part of the run is not guided, what it takes for one text is beside that for two, with our own kernels', () => {
  const bytes = (change: Partial<Case>) => plan({ ...SD15, height: 1024, ...change }, 'all', 20 * GB).bytes;
  const [always, partly] = [{ guided: [true, true] }, { guided: [false, true] }];
  const one = bytes({ guided: [false], ownKernels: true });
  const two = bytes({ ...always, ownKernels: true });
  expect(bytes({ ...partly, ownKernels: true }) - two).toBe(two - one);
  expect(bytes(partly)).toBe(bytes(always));
});

test('T-GATE keeps what a text has that is evaluated alone beside what both have', () => {
  const needs = { denoiser: 0, attentions: 1 };
  const bytes = (...all: readonly (readonly ['both' | 'prompt' | 'negative', 'store' | 'cross'])[]) => {
    const evaluations = all.map(([texts, part]) => ({ texts, reuse: { method: 'tgate', part } as const }));
    return evaluationBytes(needs, evaluations, true);
  };
  expect(bytes(['prompt', 'store'], ['prompt', 'cross'])).toEqual({ together: 2, inTurn: 2 });
  expect(bytes(['both', 'store'], ['negative', 'cross'])).toEqual({ together: 3, inTurn: 4 });
  expect(bytes(['prompt', 'store'], ['both', 'store'], ['negative', 'cross'])).toEqual({
    ...{ together: 4, inTurn: 6 },
  });
});

import { expect, test } from 'vitest';
import type { Feeds } from '../graph/graph.ts';
import { KeptTensors } from '../graph/kept-tensors.ts';
import type { UNet2DConditionConfig } from '../models/config.ts';
import type { UNetShape } from '../models/unet.ts';
import type { Session } from '../runtime/session.ts';
import type { Evaluated, PromptEmbeds } from './family.ts';
import { guidanceEmbedding, openUNetDenoiser, type UNetSessions } from './unet-denoiser.ts';

test('LCM’s guidance embedding: LatentConsistencyModelPipeline.get_guidance_scale_embedding(tensor([7.5]), 8)', () => {
  // diffusers 0.42.1, torch 2.15.
  const expected = [
    -0.85123587, 0.56267112, -0.43523303, 0.68163872, -0.52478325, -0.82668084, -0.90031785, 0.73168892,
  ];
  for (const [i, value] of expected.entries()) expect(guidanceEmbedding(7.5, 8)[i]).toBeCloseTo(value, 4);
});

/** A UNet's sessions that give the sum of a text's states for each text, and tell what they were fed. */
function stage(hasBeside: boolean) {
  const runs: { readonly batch: number; readonly feeds: Feeds }[] = [];
  const session = ({ batch }: UNetShape): Session => ({
    run: async (feeds) => {
      runs.push({ batch, feeds });
      const states = feeds.encoder_hidden_states as Float32Array;
      const sums = Array.from({ length: batch }, (_, row) => 2 * (states[2 * row] as number));
      return { out_sample: Float32Array.from(sums) };
    },
    release: async () => {},
  });
  const sessions: UNetSessions = {
    open: async (shape) => session(shape),
    openBeside: async (shape) => (hasBeside ? session(shape) : undefined),
    openSmall: async (shape) => session(shape),
    kept: new KeptTensors(),
  };
  const request = {
    width: 64,
    height: 32,
    texts: 2,
    sequenceLength: 1,
    guidanceScale: 3,
    controls: [],
    picturePrompts: [],
  } as const;
  const open = (sometimesOne: boolean) =>
    openUNetDenoiser(
      {} as UNet2DConditionConfig,
      { width: 8, height: 4 },
      { ...request, sometimesOne },
      sessions,
    );
  return { runs, open };
}
const text = (value: number): PromptEmbeds => ({
  sequenceLength: 1,
  inputs: { encoder_hidden_states: Float32Array.of(value, value) },
});
const [blurry, cat, dog] = [text(1), text(2), text(3)] as [PromptEmbeds, PromptEmbeds, PromptEmbeds];
const SAMPLE = new Float32Array(4);

test('the texts are the same arrays as long as they are the same texts, and others when one has changed', async () => {
  const { runs, open } = stage(true);
  const denoise = await open(false);
  for (const [i, prompt] of [cat, cat, dog, cat].entries()) await denoise(SAMPLE, i, [blurry, prompt], []);
  const names = ['encoder_hidden_states', 'time_ids', 'timestep_cond'];
  const arrays = runs.map(({ feeds }) => names.map((name) => feeds[name]));
  expect(runs.map(({ feeds }) => [...(feeds.encoder_hidden_states as Float32Array)])).toEqual([
    ...[
      [1, 1, 2, 2],
      [1, 1, 2, 2],
      [1, 1, 3, 3],
      [1, 1, 2, 2],
    ],
  ]);
  for (const [i, array] of (arrays[1] ?? []).entries()) expect(array).toBe(arrays[0]?.[i]);
  expect(arrays[2]?.[0]).not.toBe(arrays[1]?.[0]);
  expect(runs.map(({ feeds }) => feeds.timestep?.[0])).toEqual([0, 1, 2, 3]);
  expect([...(runs[0]?.feeds.time_ids ?? [])]).toEqual([32, 64, 0, 0, 32, 64, 32, 64, 0, 0, 32, 64]);
});

test('one text is evaluated alone, beside two at once; where that would load the weights again, twice', async () => {
  for (const hasBeside of [true, false]) {
    const { runs, open } = stage(hasBeside);
    const denoise = await open(true);
    expect([...(await denoise(SAMPLE, 0, [blurry, cat], []))]).toEqual([2, 4]);
    expect([...(await denoise(SAMPLE, 1, [cat], []))]).toEqual([4]);
    expect(runs.map(({ batch }) => batch)).toEqual([2, hasBeside ? 1 : 2]);
    const ids = hasBeside ? 6 : 12;
    expect(runs[1]?.feeds.time_ids).toHaveLength(ids);
  }
});

test('what takes over from other evaluations runs beside them; where weights are not shared, in a small session or in their place', async () => {
  const opened = async (canShare: boolean, reuses: readonly Evaluated[]) => {
    const log: string[] = [];
    const session = (how: string, { batch, reuse }: UNetShape): Session => {
      log.push(`${how} ${batch} ${reuse?.part}`);
      return {
        run: async () => ({ out_sample: new Float32Array(4 * batch) }),
        release: async () => {},
        ...(canShare && { openBeside: async () => session('never', { batch } as UNetShape) }),
      };
    };
    const sessions: UNetSessions = {
      open: async (shape) => session('open', shape),
      openBeside: async (shape) => (canShare ? session('beside', shape) : undefined),
      openSmall: async (shape) => session('small', shape),
      kept: new KeptTensors(),
    };
    const request = { width: 64, height: 32, texts: 2, sequenceLength: 1, guidanceScale: 3 } as const;
    const denoise = await openUNetDenoiser(
      {} as UNet2DConditionConfig,
      { width: 8, height: 4 },
      { ...request, sometimesOne: true, controls: [], picturePrompts: [], reuses },
      sessions,
    );
    log.length = 0;
    for (const { texts, reuse } of reuses)
      await denoise(SAMPLE, 1, [blurry, cat].slice(0, texts), [], { reuse, prefix: '' });
    return [...new Set(log)];
  };
  const deepcache = (part: 'whole' | 'shallow'): Evaluated => ({
    ...{ texts: 2, reuse: { method: 'deepcache', branch: 0, part } },
  });
  const tgate = (texts: 1 | 2, part: 'store' | 'cross'): Evaluated => ({
    ...{ texts, reuse: { method: 'tgate', part } },
  });
  const cached = [deepcache('whole'), deepcache('shallow')];
  expect(await opened(true, cached)).toEqual(['open 2 whole', 'beside 2 shallow']);
  expect(await opened(false, cached)).toEqual(['open 2 whole', 'small 2 shallow']);
  const gated = [tgate(2, 'store'), tgate(1, 'cross')];
  expect(await opened(true, gated)).toEqual(['open 2 store', 'beside 1 cross']);
  expect((await opened(false, gated)).at(-1)).toBe('open 1 cross');
});

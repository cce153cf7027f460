import { expect, test, vi } from 'vitest';
import type { Denoiser, DenoiserRequest, Family, PromptEmbeds } from '../loaders/family.ts';
import { AppError } from '../protocol/errors.ts';
import { planEvaluations } from './evaluations.ts';
import { type Guidance, guide, guidedEvaluations, isGuided, openGuidedDenoiser } from './guidance.ts';

const NO_REUSE = { cacheInterval: 1, cacheBranchId: 0, gateStep: 0 } as const;

const whole = { guidanceScale: 3, guidanceRescale: 0, guidanceStart: 0, guidanceEnd: 1 };
const uncond = Float32Array.of(1, 2, 0, -1);
const cond = Float32Array.of(2, 0, 1, -1);

test('guidance goes from the unconditional output through the conditional one', () => {
  expect([...guide({ uncond, cond }, whole)]).toEqual([4, -4, 3, -1]);
  expect(guide({ uncond, cond }, { ...whole, guidanceScale: 1 })).toEqual(cond);
  expect(guide({ uncond, cond }, { ...whole, guidanceScale: 0 })).toEqual(uncond);
});

test('fully rescaled, the guided output has the standard deviation of the conditional one', () => {
  const deviation = (values: Float32Array) => {
    const mean = values.reduce((a, b) => a + b) / values.length;
    return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
  };
  const guided = guide({ uncond, cond }, whole);
  expect(deviation(guide({ uncond, cond }, { ...whole, guidanceRescale: 1 }))).toBeCloseTo(
    deviation(cond),
    6,
  );
  const half = guide({ uncond, cond }, { ...whole, guidanceRescale: 0.5 });
  expect(half[0]).toBeCloseTo((guided[0] as number) * (0.5 + (0.5 * deviation(cond)) / deviation(guided)), 6);
});

const part = { ...whole, guidanceStart: 0.25, guidanceEnd: 0.75 };

test('guided from 0.25 to 0.75, ten steps are guided from step 2 to step 6, counted from 0', () => {
  const guided = Array.from({ length: 10 }, (_, i) => isGuided(part, i, 10));
  expect(guided.flatMap((is, i) => (is ? [i] : []))).toEqual([2, 3, 4, 5, 6]);
});

/** A denoiser whose output is what the texts say, and what it was opened for and given. */
function stage(isSmall = false) {
  const opened: DenoiserRequest[] = [];
  const given: number[] = [];
  const order: PromptEmbeds[] = [];
  const openDenoiser = async (request: DenoiserRequest): Promise<Denoiser> => {
    opened.push(request);
    if (isSmall && request.texts === 2) throw new AppError('out-of-memory', 'too large');
    return async (_latents, _timestep, texts) => {
      given.push(texts.length);
      order.push(...texts);
      return Float32Array.from(texts.flatMap(({ inputs }) => [...(inputs.says as Float32Array)]));
    };
  };
  return { family: { openDenoiser, hasGuidanceInput: false } as unknown as Family, opened, given, order };
}
const saying = (says: Float32Array): PromptEmbeds => ({ sequenceLength: 1, inputs: { says } });
const TEXTS = { prompt: saying(cond), negative: saying(uncond) };

const onInTurn = vi.fn(async () => {});

async function run(family: Family, request: Guidance, isTogether = true): Promise<number[][]> {
  onInTurn.mockClear();
  const size = { width: 8, height: 8 };
  const asked = { ...request, ...size, controls: [], picturePrompts: [] };
  const evaluations = planEvaluations(guidedEvaluations(family, request, 4), NO_REUSE, 0);
  const predict = await openGuidedDenoiser(family, () => TEXTS, asked, evaluations, isTogether, onInTurn);
  const outputs: number[][] = [];
  for (let i = 0; i < 4; i++) outputs.push([...(await predict(new Float32Array(4), 1, i))]);
  return outputs;
}
const alone = [...cond];
const guided = [4, -4, 3, -1];

test('outside of the guided part the prompt alone is evaluated, and is the output', async () => {
  const { family, opened, given } = stage();
  expect(await run(family, part)).toEqual([alone, guided, guided, alone]);
  expect(given).toEqual([1, 2, 2, 1]);
  expect(opened).toMatchObject([{ texts: 2, sometimesOne: true }]);
});

test('so it is where both texts do not fit at once, or are not to', async () => {
  for (const [isSmall, isTogether] of [
    [true, true],
    [false, false],
  ] as const) {
    const { family, given } = stage(isSmall);
    expect(await run(family, part, isTogether)).toEqual([alone, guided, guided, alone]);
    expect(given).toEqual([1, 1, 1, 1, 1, 1]);
    // What was not planned is told.
    expect(onInTurn).toHaveBeenCalledTimes(isSmall ? 1 : 0);
  }
});

test('what is guided from beginning to end opens nothing for one text, what is never guided nothing for two', async () => {
  const always = stage();
  await run(always.family, whole);
  expect(always.opened).toMatchObject([{ texts: 2, sometimesOne: false }]);
  for (const never of [
    { ...whole, guidanceEnd: 0 },
    { ...whole, guidanceScale: 1 },
  ]) {
    const { family, opened, given } = stage();
    expect(await run(family, never)).toEqual(Array(4).fill(alone));
    expect(opened).toMatchObject([{ texts: 1 }]);
    expect(given).toEqual([1, 1, 1, 1]);
  }
});

test('in turn, a step begins with the text that the one before ended with', async () => {
  const { family, order } = stage();
  expect(await run(family, whole, false)).toEqual(Array(4).fill(guided));
  const [negative, prompt] = [TEXTS.negative, TEXTS.prompt];
  expect(order).toEqual([negative, prompt, prompt, negative, negative, prompt, prompt, negative]);
});

test('what is kept of the two texts in turn is kept apart, also where both are the same', async () => {
  const seen: string[] = [];
  const denoiser: Denoiser = async (_latents, _timestep, texts, _scales, of) => {
    seen.push(`${of?.prefix}${of?.reuse.part}`);
    return new Float32Array(4 * texts.length);
  };
  const family = { openDenoiser: async () => denoiser } as unknown as Family;
  const evaluations = planEvaluations([true, true], { ...NO_REUSE, gateStep: 1 }, 0);
  const same = { prompt: TEXTS.prompt, negative: TEXTS.prompt };
  const asked = { ...whole, width: 8, height: 8, controls: [], picturePrompts: [] };
  const predict = await openGuidedDenoiser(family, () => same, asked, evaluations, false, onInTurn);
  for (const i of [0, 1]) await predict(new Float32Array(4), 1, i);
  expect(seen).toEqual(['negative:store', 'prompt:store', 'cross-halves']);
});

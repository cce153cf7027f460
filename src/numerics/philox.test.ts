import fc from 'fast-check';
import { expect, test } from 'vitest';
import golden from './golden/philox.json' with { type: 'json' };
import { PhiloxRandom, philox4x32, type Words } from './philox.ts';

test.each<[Words, readonly [number, number], Words]>([
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
])('gives the known answers of Random123 (kat_vectors, philox4x32 10): %j', (counter, key, expected) => {
  expect(philox4x32(counter, key)).toEqual(expected);
});

test('draws what torch prints for torch.manual_seed(0); torch.randn(…, device="cuda")', () => {
  const printed = [
    -0.9247, -0.4253, -2.6438, 0.1452, -0.1209, -0.5797, -0.6229, -0.3284, -1.0745, -0.3631, -1.6711, 2.2655,
    0.3117, -0.1842, 1.2866, 1.182, -0.1271, 1.2169, 1.4353, 1.0605, -0.4941, -1.4244, -0.7244, -1.2973,
    0.0697, -0.0074,
  ];
  const { data } = new PhiloxRandom(0).randn([4, 8]);
  for (const [i, value] of printed.entries()) expect(data[i]).toBeCloseTo(value, 4);
});

test('draws the twelve values that A1111 documents for seed 0 (modules/rng_philox.py)', () => {
  const documented = [
    -0.92466259, -0.42534415, -2.6438457, 0.14518388, -0.12086647, -0.57972564, -0.62285122, -0.32838709,
    -1.07454231, -0.36314407, -1.67105067, 2.26550497,
  ];
  const { data } = new PhiloxRandom(0).randn([3, 4]);
  for (const [i, value] of documented.entries())
    expect(Math.abs((data[i] as number) - value)).toBeLessThan(1e-6);
});

test.each(golden.gpus)("on one $gpu, SDXL's noise is torch's as far as one wave of threads reaches", ({
  threads,
  draws,
}) => {
  const random = new PhiloxRandom(193);
  for (const { head, tail, secondWave, sum } of draws) {
    const { data } = random.randn(golden.shape);
    const distance = (from: number, expected: number[]) =>
      Math.max(...expected.map((value, i) => Math.abs((data[from + i] as number) - value)));
    expect(distance(0, head)).toBeLessThan(1e-6);
    if (threads < data.length) expect(distance(threads, secondWave)).toBeGreaterThan(0.1);
    else {
      expect(distance(data.length - tail.length, tail)).toBeLessThan(1e-6);
      expect(Math.abs(data.reduce((a, b) => a + b) - sum)).toBeLessThan(1e-6 * data.length);
    }
  }
});

test("beyond one wave of an RTX 3060 it goes on as A1111's own Philox does", () => {
  // modules/rng_philox.py: Generator(193).randn((65536,))[43008:43012], with numpy 2.4.6.
  const expected = [-0.15602064, -0.18599266, 0.97707695, 0.13541839];
  const { data } = new PhiloxRandom(193).randn(golden.shape);
  for (const [i, value] of expected.entries())
    expect(Math.abs((data[43_008 + i] as number) - value)).toBeLessThan(1e-6);
});

test('a second call draws further noise; another seed, also one that differs in its high word only, draws other noise', () => {
  const random = new PhiloxRandom(7);
  const [first, second] = [random.randn([64]).data, random.randn([64]).data];
  expect(second).not.toEqual(first);
  expect(new PhiloxRandom(7).randn([8, 8]).data).toEqual(first);
  expect(new PhiloxRandom(7 + 2 ** 32).randn([64]).data).not.toEqual(first);
});

test('the noise is normally distributed for any seed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
      const { data } = new PhiloxRandom(seed).randn([4096]);
      const mean = data.reduce((a, b) => a + b, 0) / 4096;
      const variance = data.reduce((a, b) => a + (b - mean) ** 2, 0) / 4096;
      expect(Math.abs(mean)).toBeLessThan(0.1);
      expect(Math.abs(variance - 1)).toBeLessThan(0.15);
    }),
    { numRuns: 20 },
  );
});

import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { test as base, expect, type Page } from '@playwright/test';
import { build } from 'vite';
import { ADDEND_KINDS, type AddendName } from '../src/models/golden/addends.ts';
import { GOLDEN_NAMES, type GoldenName } from '../src/models/golden/cases.ts';
import type { PictureSet } from '../src/pipeline/golden/pictures.ts';
import type { QuantizedBits } from '../src/protocol/generation.ts';
import type { Kernels } from './graphs/device.ts';
import type { Errors } from './graphs/goldens.ts';
import { serve } from './server.mjs';

const path = (relative: string) => new URL(relative, import.meta.url).pathname;

/**
 * What a software GPU's own arithmetic may add: 1.1e-4 was the most seen, in onnxruntime's graph that the CPU computes to
 * 5e-6. The graphs' arithmetic is held to 1e-4 on the CPU, by src/models.
 */
const SOFTWARE_ERROR = 3e-4;
/** Of ours in float32, of the greatest number. Measured: 2e-6 and less. */
const FLOAT32_ERROR = 1e-4;
/** Of ours in 16 bits, as the length of all numbers measures it. Measured: 2.8e-3 and less. */
const HALF_ERROR = 4e-3;

/**
 * Of 255: guidance multiplies what a small model with random weights makes of the rounding. Where diffusers' own float16 is further off
 * than half of it, twice as far as that.
 */
const HALF_PICTURE = 40;
const OF_DIFFUSERS: Record<PictureSet, number[]> = JSON.parse(
  readFileSync(path('../src/pipeline/golden/half.json'), 'utf8'),
).worst;

/** Files of the small models, which the page cannot list. */
const MODELS = 'src/pipeline/golden';
const PATHS = readdirSync(path(`../${MODELS}`), { recursive: true }).map((name) => `${MODELS}/${name}`);

const test = base.extend<object, { graphs: Page }>({
  /** A page that runs graphs: its device, and what has been compiled for it, serve all that a worker tests. */
  graphs: [
    async ({ browser }, use, { parallelIndex }) => {
      const outDir = path(`../.build/graphs/${parallelIndex}`);
      await build({
        configFile: false,
        root: path('graphs'),
        base: './',
        publicDir: false,
        logLevel: 'warn',
        build: { outDir, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
      });
      copyFileSync(path('../public/_headers'), `${outDir}/_headers`);
      const folders = [
        'e2e/tiny-model',
        'src/models/golden',
        'src/loaders/golden/lora-methods',
        'src/pipeline/golden',
      ];
      const server = await serve(
        outDir,
        Object.fromEntries(folders.map((folder) => [`/${folder}`, path(`../${folder}`)])),
      );
      const page = await browser.newPage();
      await page.goto(server.url);
      await page.waitForFunction(() => 'checks' in globalThis);
      await use(page);
      await page.close();
      await server.close();
    },
    { scope: 'worker' },
  ],
});

function hold(errors: Errors, measure: keyof Errors[string], limit: number): void {
  expect(Object.keys(errors).length).toBeGreaterThan(0);
  for (const [title, error] of Object.entries(errors)) expect(error[measure], title).toBeLessThan(limit);
}

const golden = (page: Page, name: GoldenName, kernels: Kernels, bits?: QuantizedBits) =>
  page.evaluate((args) => checks.golden(...args), [name, kernels, bits] as const);

const picture = (page: Page, set: PictureSet, i: number, kernels: Kernels) =>
  page.evaluate((args) => checks.picture(...args), [set, i, kernels, PATHS] as const);

/** By hand, `EVERY=1 npm run e2e -- /graphs.spec`: also what takes long and shows little that the others don't. */
const every = Boolean(process.env.EVERY);

/** Each family once: from noise, from a picture and under a mask, with either VAE. */
const PICTURES: readonly (readonly [set: PictureSet, inSuite: readonly number[]])[] = [
  ['families', [1, 6, 10, 13, 21, 23]],
  ['inpainting', []],
  ['lora', []],
  ['pipeline', []],
];

// Each part runs in one browser: what is compiled for one test is there for the next.
test.describe('in float32', () => {
  test.describe.configure({ mode: 'default' });

  for (const name of GOLDEN_NAMES)
    test(`our kernels compute of ${name} what diffusers does`, async ({ graphs }) =>
      hold(await golden(graphs, name, 'float32'), 'greatest', FLOAT32_ERROR));

  const addends = async (page: Page, name: AddendName) => {
    const kinds = every ? ADDEND_KINDS : (['both'] as const);
    const asked = [name, kinds, 'float32'] as const;
    const { zeros, ...errors } = await page.evaluate((args) => checks.addends(...args), asked);
    hold(errors, 'greatest', FLOAT32_ERROR);
    // Where something is added, sums come in another order.
    hold({ zeros: zeros as Errors[string] }, 'greatest', 1e-6);
  };
  test('to the blocks of a small SDXL UNet our kernels add what is asked', ({ graphs }) =>
    addends(graphs, 'unet-sdxl'));
  if (every) test('and to those of the tiny model', ({ graphs }) => addends(graphs, 'tiny-model'));

  // On the CPU 1.7e-2, 2.1e-1, 5.3e-3 and 8.2e-2 (src/models): what the bits leave.
  const quantized = [
    ['tiny-model/text_encoder', 8, 3e-2],
    ['tiny-model/text_encoder', 4, 3e-1],
    ['tiny-model/unet', 8, 1e-2],
    ['tiny-model/unet', 4, 1e-1],
  ] as const;
  for (const [name, bits, limit] of quantized.slice(0, every ? undefined : 2))
    test(`our kernels read weights of ${name} in ${bits} bits`, async ({ graphs }) =>
      hold(await golden(graphs, name, 'float32', bits), 'greatest', limit));

  // Those that differ in operators. On the CPU the errors are under 1e-5 (src/loaders).
  for (const name of [
    'lora-tucker',
    'dora-in',
    'loha-tucker',
    'lokr-tucker',
    'boft-rescaled',
    'glora',
    'ia3-in',
    'norm',
  ])
    test(`our kernels compute of the LoRA method ${name} what its layer does`, async ({ graphs }) => {
      const errors = await graphs.evaluate((lora) => checks.lora(lora, 'float32'), name);
      expect(Object.keys(errors).length).toBeGreaterThan(1);
      hold(errors, 'greatest', FLOAT32_ERROR);
    });

  for (const [set, inSuite] of PICTURES)
    for (const i of every ? OF_DIFFUSERS[set].keys() : inSuite)
      test(`picture ${i} of ${set} is diffusers’, within 2 of 255`, async ({ graphs }) =>
        expect(await picture(graphs, set, i, 'float32')).toBeLessThanOrEqual(2));
});

test.describe('in 16 bits', () => {
  test.describe.configure({ mode: 'default' });

  // Two numbers in a word, as on a GPU without shader-f16; their sums are float32.
  const names = ['tiny-model/text_encoder', 'unet-sdxl', 'vae-old-names', 'vae-tiny'] as const;
  for (const name of every ? GOLDEN_NAMES : names)
    test(`our kernels compute ${name} in 16 bits`, async ({ graphs }) =>
      hold(await golden(graphs, name, 'float16'), 'length', HALF_ERROR));

  for (const [set] of every ? PICTURES : [])
    for (const [i, ofDiffusers] of OF_DIFFUSERS[set].entries())
      test(`picture ${i} of ${set} is near diffusers’ in 16 bits`, async ({ graphs }) =>
        expect(await picture(graphs, set, i, 'float16')).toBeLessThanOrEqual(
          Math.max(HALF_PICTURE, 2 * ofDiffusers),
        ));
});

test.describe('kernels', () => {
  test.describe.configure({ mode: 'default' });

  for (const [name, seeds] of [
    ['gemm', 6],
    ['quantized', 2],
    // So many that each type's codes come up in each width.
    ['codes', 11],
    ['narrow', 5],
    ['attention', 3],
    ['groupNorm', 3],
    ['normalize', 2],
    ['layerNorm', 2],
    ['softmax', 2],
    ['elementwise', 8],
    ['gather', 2],
    ['mean', 2],
  ] as const)
    test(`the kernel ${name} computes what plain loops do, on random shapes`, async ({ graphs }) => {
      for (const storage of ['float32', 'packed16'] as const) {
        const errors = await graphs.evaluate((args) => checks.kernel(...args), [
          name,
          storage,
          every ? 20 * seeds : seeds,
        ] as const);
        for (const [title, error] of Object.entries(errors))
          expect(error, `${storage} ${title}`).toBeLessThanOrEqual(1);
      }
    });

  test('the self-test passes, and names each kind of kernel that is broken', async ({ graphs }) => {
    const products = ['conv', 'geglu', '8 bits', '4 bits', 'causal'];
    const kinds = [...products, 'group norm', 'normalize', 'layer norm', 'softmax', 'mean', 'add', 'gather'];
    const { none, ...found } = await graphs.evaluate((broken) => checks.selfTest(broken), kinds);
    expect(none).toBeUndefined();
    for (const [kind, title] of Object.entries(found)) expect(title).toContain(kind);
  });

  if (every)
    test('each form that only GPUs run passes the self-test, and does not with its last sum lost', async ({
      graphs,
    }) => {
      // A processor compiles each twice, for seconds.
      test.setTimeout(1_800_000);
      const { count, ...found } = await graphs.evaluate(() => checks.forms());
      expect(count).toBeGreaterThan(30);
      expect(found).toEqual({ wrong: [], missed: [] });
    });

  /** Where a GPU computes ours wrongly, onnxruntime's run. */
  for (const kernels of every ? (['onnxruntime', 'float32'] as const) : (['onnxruntime'] as const))
    test(`every operator on WebGPU is the CPU’s, by ${kernels}`, async ({ graphs }) => {
      const { errors, missing } = await graphs.evaluate((args) => checks.operators(args), kernels);
      // In float32 nothing is cast, only ours read weights of float8, and they attend by one kernel where onnxruntime's has no room.
      const others = ['Cast', 'DequantizeLinear'];
      expect(missing).toEqual(kernels === 'float32' ? ['Softmax', ...others] : others);
      hold(errors, 'greatest', SOFTWARE_ERROR);
    });

  const graphs = ['clip-gelu', 'unet-inpaint', 'tiny-model/vae'] as const;
  for (const name of every ? graphs : [])
    test(`onnxruntime runs every node of ${name} on WebGPU`, async ({ graphs }) =>
      hold(await golden(graphs, name, 'onnxruntime'), 'greatest', SOFTWARE_ERROR));
});

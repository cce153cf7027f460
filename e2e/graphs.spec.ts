import { copyFileSync } from 'node:fs';
import { test as base, expect, type Page } from '@playwright/test';
import { build } from 'vite';
import type { GoldenName } from '../src/models/golden/cases.ts';
import type { QuantizedBits } from '../src/protocol/generation.ts';
import type { Kernels } from './graphs/page.ts';
import { serve } from './server.mjs';

const path = (relative: string) => new URL(relative, import.meta.url).pathname;

/** The goldens that differ in operators; the others differ in names and shapes, which the CPU shows as well. */
const NAMES: readonly GoldenName[] = [
  'tiny-model/text_encoder',
  'tiny-model/unet',
  'tiny-model/vae',
  'clip-gelu',
  'clip-projection',
  'clip-injected',
  'unet-linear',
  'unet-trinket',
  'unet-sdxl',
  'unet-lcm',
  'unet-inpaint',
  'vae-tiny',
];

/**
 * What a software GPU's own arithmetic may add: 1.1e-4 was the most seen, in the graph that the CPU computes to 5e-6.
 * The graphs' arithmetic is held to 1e-4 on the CPU, by src/models.
 */
const SOFTWARE_ERROR = 3e-4;

const test = base.extend<object, { graphs: Page }>({
  /** A page that runs graphs; onnxruntime is loaded once for all that a worker tests. */
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
      const server = await serve(outDir, {
        '/e2e/tiny-model': path('tiny-model'),
        '/src/models/golden': path('../src/models/golden'),
        '/src/loaders/golden/lora-methods': path('../src/loaders/golden/lora-methods'),
      });
      const page = await browser.newPage();
      await page.goto(server.url);
      await page.waitForFunction(() => 'checkGolden' in globalThis);
      await use(page);
      await page.close();
      await server.close();
    },
    { scope: 'worker' },
  ],
});

async function check(
  page: Page,
  name: GoldenName,
  kernels: Kernels,
  limit: number,
  bits?: QuantizedBits,
): Promise<void> {
  const errors = await page.evaluate((golden) => globalThis.checkGolden(...golden), [
    name,
    kernels,
    bits,
  ] as const);
  console.log(name, kernels, errors);
  for (const [title, error] of Object.entries(errors)) expect(error, title).toBeLessThan(limit);
}

for (const name of NAMES)
  test(`our kernels compute of ${name} what diffusers does`, ({ graphs }) =>
    check(graphs, name, 'float32', SOFTWARE_ERROR));

// Numbers in 16 bits, two in a word, as on a GPU without shader-f16; their sums are float32.
for (const [name, limit] of [
  ['tiny-model/text_encoder', 2e-3],
  ['tiny-model/vae', 4e-3],
] as const)
  test(`our kernels compute ${name} in 16 bits`, ({ graphs }) => check(graphs, name, 'float16', limit));

// On the CPU 5.3e-3 and 8.2e-2 (src/models): what the bits leave.
test('our kernels read weights in 8 bits', ({ graphs }) =>
  check(graphs, 'tiny-model/unet', 'float32', 1e-2, 8));
test('our kernels read weights in 4 bits', ({ graphs }) =>
  check(graphs, 'tiny-model/unet', 'float32', 1e-1, 4));

/** Where a GPU computes ours wrongly, onnxruntime's run: every operator that graphs have. */
for (const name of ['clip-gelu', 'unet-inpaint', 'tiny-model/vae'] as const)
  test(`onnxruntime runs every node of ${name} on WebGPU`, ({ graphs }) =>
    check(graphs, name, 'onnxruntime', SOFTWARE_ERROR));

for (const [name, seeds] of [
  ['gemm', 12],
  ['quantized', 2],
  // So many that each type's codes come up in each width.
  ['codes', 11],
  ['narrow', 5],
  ['attention', 4],
  ['groupNorm', 5],
  ['normalize', 2],
  ['layerNorm', 3],
  ['softmax', 2],
  ['elementwise', 8],
  ['gather', 2],
  ['mean', 2],
] as const)
  test(`the kernel ${name} computes what plain loops do, on random shapes`, async ({ graphs }) => {
    for (const storage of ['float32', 'packed16'] as const) {
      const errors = await graphs.evaluate((args) => globalThis.checkKernel(...args), [
        name,
        storage,
        seeds,
      ] as const);
      for (const [title, error] of Object.entries(errors))
        expect(error, `${storage} ${title}`).toBeLessThanOrEqual(1);
    }
  });

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
    const errors = await graphs.evaluate((lora) => globalThis.checkLora(lora, 'float32'), name);
    console.log(name, errors);
    expect(Object.keys(errors).length).toBeGreaterThan(1);
    for (const [tensor, error] of Object.entries(errors)) expect(error, tensor).toBeLessThan(SOFTWARE_ERROR);
  });

test('the self-test passes, and names each kind of kernel that is broken', async ({ graphs }) => {
  const kinds = ['conv', 'attention', 'group norm', 'layer norm', 'gather'];
  const { none, ...found } = await graphs.evaluate((broken) => globalThis.checkSelfTest(broken), kinds);
  expect(none).toBeUndefined();
  for (const [kind, title] of Object.entries(found)) expect(title).toContain(kind);
});

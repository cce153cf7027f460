import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type StoredTensor, Weights } from '../checkpoint/weights.ts';
import type { Graph } from '../graph/graph.ts';
import { clipTextModel } from '../models/clip.ts';
import { AutoencoderKLConfig, CLIPTextConfig, UNet2DConditionConfig } from '../models/config.ts';
import { controlNetModel, residualShapes } from '../models/controlnet.ts';
import { ControlNetKeys } from '../models/controlnet-config.ts';
import { ipAdapterShapes } from '../models/ip-adapter.ts';
import { unet2DConditionModel } from '../models/unet.ts';
import { autoencoderKLDecoder } from '../models/vae.ts';
import { elementCount } from '../numerics/tensor.ts';
import { parseConfig } from '../protocol/parse-config.ts';
import { compile } from './compile.ts';
import { activationBytes } from './memory.ts';
import type { Program } from './program.ts';
import { stepTable } from './samples/step-table.ts';
import { chooseTile } from './tiles.ts';
import { weightsBytes } from './upload.ts';

// What Stable Diffusion 1.5 becomes at 512×512, as a GPU with float16 would run it. `npm run steps` prints it.

interface Component {
  readonly config: unknown;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}
const FILE = join(import.meta.dirname, '../models/golden/sd15/shapes.json');
const SD15 = JSON.parse(readFileSync(FILE, 'utf8')) as Record<'text_encoder' | 'unet' | 'vae', Component>;
const TARGET = { provider: 'webgpu', dtype: 'float16', ownKernels: true } as const;

function tensorsOf(shapes: Component['shapes']): ReadonlyMap<string, StoredTensor> {
  const tensors = Object.entries(shapes).map(([name, shape]): [string, StoredTensor] => {
    return [
      name,
      { dtype: 'F16', shape, offset: 0, length: 2 * elementCount(shape), path: 'sd15', blob: new Blob() },
    ];
  });
  return new Map(tensors);
}
const weightsOf = ({ shapes }: Component) => Weights.of('sd15', tensorsOf(shapes));

const compiled = (graph: Graph): Program =>
  compile(graph, { hasF16: true, workgroupMemory: 32_768, tileFor: chooseTile });

const { unet, vae, text_encoder } = SD15;
const unetConfig = parseConfig('unet', UNet2DConditionConfig, unet.config);
const SHAPE = { height: 64, width: 64, sequenceLength: 77, batch: 2 } as const;
const controlNetConfig = { ...parseConfig('controlnet', ControlNetKeys, {}), unet: unetConfig, union: null };
const controlledUNet = unet2DConditionModel(unetConfig, weightsOf(unet), TARGET, {
  ...{ ...SHAPE, addends: { controlNet: true } },
});
const PROGRAMS = {
  unet: compiled(unet2DConditionModel(unetConfig, weightsOf(unet), TARGET, SHAPE)),
  controlled_unet: compiled(controlledUNet),
  controlnet: compiled(
    controlNetModel(controlNetConfig, controlNetWeights(), TARGET, { ...SHAPE, isGuess: false, modes: [] }),
  ),
  vae_decoder: compiled(
    autoencoderKLDecoder(parseConfig('vae', AutoencoderKLConfig, vae.config), weightsOf(vae), TARGET, {
      ...{ height: 64, width: 64 },
    }),
  ),
  text_encoder: compiled(
    clipTextModel(
      parseConfig('text_encoder', CLIPTextConfig, text_encoder.config),
      weightsOf(text_encoder),
      TARGET,
      { batch: 2, sequenceLength: 77 },
      { skip: 0, normed: true, pooled: false, injected: false },
    ),
  ),
};

/** As ControlNets begin: the first half of the UNet, with the map's embedding and the zero convolutions beside it. */
function controlNetWeights(): Weights {
  const conv = (name: string, out: number, of: number, size: number) => [
    [`${name}.weight`, [out, of, size, size]] as const,
    [`${name}.bias`, [out]] as const,
  ];
  const embedding = 'controlnet_cond_embedding';
  const pairs = [16, 32, 96].flatMap((of, i) => [
    [of, of] as const,
    [[32, 96, 256][i] as number, of] as const,
  ]);
  const zeros = residualShapes(unetConfig, { height: 64, width: 64 }).map(([channels]) => channels);
  const own = [
    ...conv(`${embedding}.conv_in`, 16, 3, 3),
    ...pairs.flatMap(([out, of], i) => conv(`${embedding}.blocks.${i}`, out, of, 3)),
    ...conv(`${embedding}.conv_out`, 320, 256, 3),
    ...zeros.flatMap((channels, i) =>
      conv(
        i < zeros.length - 1 ? `controlnet_down_blocks.${i}` : 'controlnet_mid_block',
        channels,
        channels,
        1,
      ),
    ),
  ];
  return weightsOf({ config: {}, shapes: { ...unet.shapes, ...Object.fromEntries(own) } });
}

/** The UNet with an IP-Adapter whose pictures are so many tokens. */
function promptedUNet(tokens: number): Program {
  const shape = { ...SHAPE, ipAdapters: [{ hash: 'x', tokens }] };
  const ipTensors = [tensorsOf(Object.fromEntries(ipAdapterShapes(unetConfig)))];
  return compiled(unet2DConditionModel(unetConfig, weightsOf(unet), TARGET, shape, ipTensors));
}

/** What a program reads and writes in a step, in GB. */
const movedPerStep = ({ steps, steadySteps }: Program) =>
  steps.slice(steadySteps).reduce((sum, { kernel }) => sum + kernel.bytes, 0) / 1e9;

/** What a program computes in a step, in GFLOP: what is steady was computed before. */
const perStep = ({ steps, steadySteps }: Program) =>
  steps.slice(steadySteps).reduce((sum, { kernel }) => sum + kernel.flops, 0) / 1e9;

test('a ControlNet makes a step at most 1.45 times as much work', () => {
  const plain = perStep(PROGRAMS.unet);
  const controlled = perStep(PROGRAMS.controlled_unet) + perStep(PROGRAMS.controlnet);
  expect(controlled / plain).toBeLessThanOrEqual(1.45);
  // The zero convolutions, and the halves that differ, are not free.
  expect(controlled / plain).toBeGreaterThan(1.25);
});

test('a T2I-Adapter makes a step at most 1.02 times as much work', () => {
  const steered = compiled(
    unet2DConditionModel(unetConfig, weightsOf(unet), TARGET, { ...SHAPE, addends: { adapter: 4 } }),
  );
  expect(perStep(steered) / perStep(PROGRAMS.unet)).toBeLessThanOrEqual(1.02);
  expect(movedPerStep(steered) / movedPerStep(PROGRAMS.unet)).toBeLessThanOrEqual(1.02);
  expect(steered.steps.length).toBeGreaterThan(PROGRAMS.unet.steps.length);
});

// Measured: 1.0002, 1.0009, 1.004, 1.015 of the arithmetic, 1.055 to 1.061 of the bytes.
test.each([
  ['plain', 4],
  ['plus', 16],
  ['plus with four pictures', 64],
  ['full-face', 257],
])('an IP-Adapter, %s, makes a step at most 1.15 times as much work', (_, tokens) => {
  const prompted = promptedUNet(tokens);
  expect(perStep(prompted) / perStep(PROGRAMS.unet)).toBeLessThanOrEqual(1.15);
  expect(movedPerStep(prompted) / movedPerStep(PROGRAMS.unet)).toBeLessThanOrEqual(1.15);
  // Its keys and values are steady; what is left is an attention and a sum for each of the sixteen.
  const own = (program: Program) => program.steps.length - program.steadySteps;
  expect(own(prompted) - own(PROGRAMS.unet)).toBe(2 * 16);
});

test('a guided step is at most 400 dispatches, and needs at most 100 MB beside its weights', () => {
  expect(PROGRAMS.unet.steps.length).toBeLessThanOrEqual(400);
  expect(activationBytes(PROGRAMS.unet)).toBeLessThan(100e6);
  expect(weightsBytes(PROGRAMS.unet.weights)).toBeGreaterThan(2 * 859_520_964 - 1);
});

test('no step writes a buffer that it reads', () => {
  for (const { steps, tensors } of Object.values(PROGRAMS))
    for (const { reads, writes } of steps) {
      expect(tensors[writes]).toBeDefined();
      expect(reads).not.toContainEqual({ tensor: writes });
    }
});

describe.runIf(process.env.MODE === 'print')('printed', () => {
  test('the steps', () => {
    for (const [name, program] of Object.entries(PROGRAMS)) console.log(stepTable(name, program));
    const controlled = perStep(PROGRAMS.controlled_unet) + perStep(PROGRAMS.controlnet);
    const plain = perStep(PROGRAMS.unet);
    console.log(`\nA step with a ControlNet: ${controlled.toFixed(1)} GFLOP, without ${plain.toFixed(1)}.`);
  });
});

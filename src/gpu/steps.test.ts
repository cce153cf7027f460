import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type StoredTensor, Weights } from '../checkpoint/weights.ts';
import type { Graph } from '../graph/graph.ts';
import { clipTextModel } from '../models/clip.ts';
import { AutoencoderKLConfig, CLIPTextConfig, UNet2DConditionConfig } from '../models/config.ts';
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

function weightsOf({ shapes }: Component): Weights {
  const tensors = Object.entries(shapes).map(([name, shape]): [string, StoredTensor] => {
    return [
      name,
      { dtype: 'F16', shape, offset: 0, length: 2 * elementCount(shape), path: 'sd15', blob: new Blob() },
    ];
  });
  return Weights.of('sd15', new Map(tensors));
}

const compiled = (graph: Graph): Program =>
  compile(graph, { hasF16: true, workgroupMemory: 32_768, tileFor: chooseTile });

const { unet, vae, text_encoder } = SD15;
const PROGRAMS = {
  unet: compiled(
    unet2DConditionModel(parseConfig('unet', UNet2DConditionConfig, unet.config), weightsOf(unet), TARGET, {
      ...{ height: 64, width: 64, sequenceLength: 77, batch: 2 },
    }),
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
  });
});

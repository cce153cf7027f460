import { beforeAll, describe, expect, test } from 'vitest';
import { isQuantizable } from '../checkpoint/quantize.ts';
import { recordingWeights, type TensorShapes } from '../checkpoint/recording-weights.ts';
import { type StoredTensor, type Tensors, Weights } from '../checkpoint/weights.ts';
import { compile } from '../gpu/compile.ts';
import { FLOPS_AT_ONCE, GpuSession } from '../gpu/gpu-session.ts';
import { Pipelines } from '../gpu/pipelines.ts';
import { FakeDevice, stubGlobals } from '../gpu/samples/fake-device.ts';
import { chooseTile } from '../gpu/tiles.ts';
import type { Graph, GraphTarget } from '../graph/graph.ts';
import { TEXT_ENCODERS, UNETS, VAE } from '../measure/components.ts';
import { clipTextModel } from '../models/clip.ts';
import { AutoencoderKLConfig, CLIPTextConfig, UNet2DConditionConfig } from '../models/config.ts';
import { unet2DConditionModel } from '../models/unet.ts';
import { autoencoderKLDecoder } from '../models/vae.ts';
import { elementCount } from '../numerics/tensor.ts';
import { parseConfig } from '../protocol/parse-config.ts';
import type { Size } from '../protocol/placement.ts';
import { unetActivations } from './memory-estimate.ts';
import { type PlannedNeeds, planMemory } from './memory-plan.ts';
import { vaeNeeds } from './stable-diffusion-family.ts';

// What is planned, and what our kernels' sessions create of buffers on a device that only counts them.

const HALF: GraphTarget = { provider: 'webgpu', dtype: 'float16', ownKernels: true };
const FULL: GraphTarget = { ...HALF, dtype: 'float32' };
type Bits = 16 | 8 | 4;

const stored = (dtype: 'F16' | 'U8', shape: readonly number[]): StoredTensor => {
  const length = elementCount(shape) * (dtype === 'F16' ? 2 : 1);
  return { dtype, shape, offset: 0, length, path: 'counted', blob: new Blob() };
};

/** Empty tensors of the shapes that a graph asks for, as a copy with so many bits has them (checkpoint/quantize.ts). */
function tensorsOf(build: Part['build'], bits: Bits): Tensors {
  const shapes: TensorShapes = new Map();
  build(recordingWeights(shapes), FULL);
  const all = [...shapes].flatMap(([name, shape]): [string, StoredTensor][] => {
    const half = stored('F16', shape);
    if (bits === 16 || !isQuantizable(name, half)) return [[name, half]];
    const [rows = 0, columns = 0] = shape;
    const blocks = columns / 32;
    const parts: [string, StoredTensor][] = [
      [name, stored('U8', [rows, blocks, 4 * bits])],
      [`${name}.scales`, stored('F16', [rows, blocks])],
    ];
    return bits === 8
      ? parts
      : [...parts, [`${name}.zero_points`, stored('U8', [rows, Math.ceil(blocks / 2)])]];
  });
  return new Map(all);
}

interface Counted {
  /** Bytes of the buffers of a session that is open, and the most while it was opened. */
  readonly open: number;
  readonly most: number;
  /** As `WeightSource.bytes` counts a component. */
  readonly weights: number;
}

interface Part {
  readonly name: string;
  readonly build: (weights: Weights, target: GraphTarget) => Graph;
}

/** What was counted, since compiling takes seconds. */
const counts = new Map<string, Promise<Counted>>();

function count(part: Part, bits: Bits, target: GraphTarget): Promise<Counted> {
  const key = `${part.name} ${bits} ${target.dtype}`;
  const counted = counts.get(key) ?? countSession(part, bits, target);
  counts.set(key, counted);
  return counted;
}

/** Opens a session on a device that takes any size. */
async function countSession({ build }: Part, bits: Bits, target: GraphTarget): Promise<Counted> {
  const tensors = tensorsOf(build, bits);
  const graph = build(Weights.of('counted', tensors), target);
  const device = new FakeDevice();
  device.limits.maxBufferSize = 2 ** 31;
  device.limits.maxStorageBufferBindingSize = 2 ** 31;
  const sum = () => [...device.live].reduce((bytes, { size }) => bytes + size, 0);
  let most = 0;
  const create = device.createBuffer.bind(device);
  device.createBuffer = (of) => {
    const buffer = create(of);
    most = Math.max(most, sum());
    return buffer;
  };
  const program = compile(graph, { hasF16: true, workgroupMemory: 32_768, tileFor: chooseTile });
  const opening = { onRead: () => {}, flopsAtOnce: FLOPS_AT_ONCE.gpu };
  const session = await GpuSession.open(
    device.asDevice,
    new Pipelines(device.asDevice),
    graph,
    program,
    opening,
  );
  const open = sum();
  session.release();
  const weights = [...tensors.values()].reduce((bytes, { length }) => bytes + length, 0);
  return { open, most, weights };
}

const unetOf = (model: keyof typeof MODELS, { width, height }: Size, batch: 1 | 2): Part => {
  const config = parseConfig('unet', UNet2DConditionConfig, MODELS[model].keys);
  const shape = { width: width / 8, height: height / 8, sequenceLength: 77, batch };
  return {
    name: `${model} ${width} × ${height} × ${batch}`,
    build: (w, target) => unet2DConditionModel(config, w, target, shape),
  };
};
const vaeConfig = parseConfig('vae', AutoencoderKLConfig, VAE);
const decoderOf = ({ width, height }: Size): Part => ({
  name: `vae ${width} × ${height}`,
  build: (w, target) => autoencoderKLDecoder(vaeConfig, w, target, { width: width / 8, height: height / 8 }),
});
const textOf = (name: keyof typeof TEXT_ENCODERS): Part => {
  const config = parseConfig(name, CLIPTextConfig, TEXT_ENCODERS[name]);
  const pooled = name === 'text_encoder_2';
  const outputs = { skip: pooled ? 1 : 0, normed: !pooled, pooled, injected: false };
  return {
    name,
    build: (w, target) => clipTextModel(config, w, target, { batch: 1, sequenceLength: 77 }, outputs),
  };
};

const MODELS = {
  sd15: {
    keys: UNETS['stable-diffusion-v1-5'],
    unet: { channels: 320, heads: 8, levelsBeforeAttention: 0 },
    texts: ['text_encoder'],
    vae: HALF,
  },
  sdxl: {
    keys: UNETS['stable-diffusion-xl-base-1.0'],
    unet: { channels: 320, heads: 10, levelsBeforeAttention: 1 },
    texts: ['text_encoder', 'text_encoder_2'],
    vae: FULL,
  },
} as const;

beforeAll(stubGlobals);

/** The plan for a guided run, and the bytes that its sessions have at the most when they are opened as it says. */
async function planned(model: keyof typeof MODELS, size: Size, bits: Bits, deviceBytes: number) {
  const { unet, texts, vae } = MODELS[model];
  const encoders = await Promise.all(texts.map((name) => count(textOf(name), bits, HALF)));
  const both = await count(unetOf(model, size, 2), bits, HALF);
  const vaeTensors = await count(decoderOf(size), 16, vae);
  const latents = { width: size.width / 8, height: size.height / 8 };
  const denoising = 2 * unetActivations(unet, latents, true);
  const needs: PlannedNeeds = {
    weights: {
      ...Object.fromEntries(texts.map((name, i) => [name, (encoders[i] as Counted).weights])),
      denoiser: both.weights,
      vae: vaeTensors.weights,
    },
    vae: vaeNeeds({ className: 'AutoencoderKL', config: vaeConfig }, vaeTensors.weights, vae, 2 ** 31, size),
  };
  const plan = planMemory(needs, {
    ...{ target: HALF, largestTensor: 2 ** 31, choice: 'auto', deviceBytes },
    evaluations: { together: 2 * denoising, inTurn: denoising },
  });
  const denoiser = plan.guidance === 'together' ? both : await count(unetOf(model, size, 1), bits, HALF);
  const tile = { width: Math.min(512, size.width), height: Math.min(512, size.height) };
  const decoder = plan.vae === 'whole' ? vaeTensors : await count(decoderOf(tile), 16, vae);
  const sessions = [...encoders, denoiser, decoder];
  const open = sessions.reduce((sum, one) => sum + one.open, 0);
  const allocated =
    plan.residency === 'one-by-one'
      ? Math.max(...sessions.map(({ most }) => most))
      : Math.max(...sessions.map(({ open: kept, most }) => open - kept + most));
  return { plan, allocated };
}

const GB = 1e9;
describe('what is planned is within a tenth of what is allocated', () => {
  test.each([
    ['sd15', 512, 512, 16, 7.5],
    ['sd15', 512, 768, 8, 7.5],
    ['sd15', 1024, 1024, 16, 2.6],
    ['sdxl', 1024, 1024, 16, 7.5],
    ['sdxl', 1024, 1024, 8, 5.5],
    ['sdxl', 1024, 1024, 4, 2.7],
    ['sdxl', 1536, 640, 8, 3.3],
    ['sdxl', 2048, 2048, 8, 5.5],
  ] as const)('%s, %i × %i in %i bits on %d GB', async (model, width, height, bits, gigabytes) => {
    const { plan, allocated } = await planned(model, { width, height }, bits, gigabytes * GB);
    if (process.env.MODE === 'print')
      console.log(
        `| ${model} ${width}x${height} ${bits} | ${gigabytes} | ${plan.residency} ${plan.guidance} ${plan.vae} | ${(plan.bytes / 1e6).toFixed(0)} | ${(allocated / 1e6).toFixed(0)} |`,
      );
    expect(plan.fits).toBe(true);
    expect(Math.abs(plan.bytes / allocated - 1)).toBeLessThan(0.1);
  });
});

test('SDXL in 8 bits at 1024 × 1024 has all its buffers within 5.5 GB', async () => {
  const { plan, allocated } = await planned('sdxl', { width: 1024, height: 1024 }, 8, 5.5 * GB);
  expect(plan).toMatchObject({ fits: true, guidance: 'together', vae: 'tiled' });
  expect(allocated).toBeLessThan(5.5 * GB);
});

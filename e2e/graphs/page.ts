import * as ort from 'onnxruntime-web/jspi';
import { readLora } from '../../src/checkpoint/lora/read-lora.ts';
import { readTensors, type StoredTensor } from '../../src/checkpoint/weights.ts';
import { OwnKernels } from '../../src/gpu/own-kernels.ts';
import { Pipelines } from '../../src/gpu/pipelines.ts';
import { runCase } from '../../src/gpu/run-case.ts';
import { randomFrom, wrongKernel } from '../../src/gpu/self-test.ts';
import type { GraphTarget } from '../../src/graph/graph.ts';
import { attentionCase } from '../../src/kernels/cases/attention.ts';
import { Draw } from '../../src/kernels/cases/case.ts';
import { elementwiseCase } from '../../src/kernels/cases/elementwise.ts';
import { gemmCase } from '../../src/kernels/cases/gemm.ts';
import { groupNormCase } from '../../src/kernels/cases/group-norm.ts';
import { layerNormCase } from '../../src/kernels/cases/layer-norm.ts';
import { gatherCase, meanCase } from '../../src/kernels/cases/lookups.ts';
import { codesCase, narrowCase } from '../../src/kernels/cases/narrow.ts';
import { normalizeCase } from '../../src/kernels/cases/normalize.ts';
import { quantizedCase } from '../../src/kernels/cases/quantized.ts';
import { softmaxCase } from '../../src/kernels/cases/softmax.ts';
import type { Storage } from '../../src/kernels/kernel.ts';
import { loraPlaces } from '../../src/loaders/lora-places.ts';
import {
  type GoldenName,
  type GoldenRun,
  type GoldenTensor,
  goldenCase,
  relativeError,
} from '../../src/models/golden/cases.ts';
import { mergeLora } from '../../src/models/merge-lora.ts';
import { encodeModel } from '../../src/onnx/encode.ts';
import type { QuantizedBits } from '../../src/protocol/generation.ts';
import { WatchedBlob } from '../../src/runtime/watched-blob.ts';

declare global {
  /** Called by graphs.spec.ts: runs a golden's graphs on WebGPU and returns the error of each by its title. */
  var checkGolden: (
    name: GoldenName,
    kernels: Kernels,
    bits?: QuantizedBits,
  ) => Promise<Record<string, number>>;
  /** The same for what a LoRA file of golden/lora_methods.py makes of each tensor. */
  var checkLora: (name: string, kernels: Kernels) => Promise<Record<string, number>>;
  /** What the self-test says, as it is and with each kind of kernel broken: by the start of the kernel's name. */
  var checkSelfTest: (names: readonly string[]) => Promise<Record<string, string | undefined>>;
  /** Runs a kernel on random small shapes and returns the error of each, as a part of what is allowed. */
  var checkKernel: (name: CaseName, storage: Storage, seeds: number) => Promise<Record<string, number>>;
}

/** Whose kernels: onnxruntime's, or ours, which keep numbers in 32 or in 16 bits. */
export type Kernels = 'onnxruntime' | 'float32' | 'float16';

const targetOf = (kernels: Kernels): GraphTarget =>
  kernels === 'onnxruntime'
    ? { provider: 'webgpu', dtype: 'float32' }
    : { provider: 'webgpu', dtype: kernels, ownKernels: true };

async function read(path: string): Promise<Blob> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return response.blob();
}

/** A device as the app requests it: without subgroups, whose attention kernel is wrong on software drivers. */
async function requestDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('no WebGPU adapter');
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize } = adapter.limits;
  const requiredLimits = { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize };
  return adapter.requestDevice({ requiredLimits });
}

type Run = Pick<GoldenRun, 'graph' | 'feeds'>;

/** The graph's outputs by name. */
async function run({ graph, feeds }: Run): Promise<Record<string, Float32Array>> {
  const gpu = await device;
  if (!graph.target.ownKernels) return runOnnx({ graph, feeds }, gpu);
  own ??= new OwnKernels(gpu, true);
  const program = own.compile(graph);
  if (!program) throw new Error(`${graph.name} has a node without a kernel.`);
  const session = await own.open(graph, program, () => {});
  const results = await session.run(
    Object.fromEntries(graph.inputs.map(({ name }) => [name, feeds[name]?.data as Float32Array])),
  );
  session.release();
  return results;
}

/** Creating the session fails if any node would run on the CPU. */
async function runOnnx({ graph, feeds }: Run, device: GPUDevice): Promise<Record<string, Float32Array>> {
  const model = encodeModel(graph);
  const session = await ort.InferenceSession.create(model.bytes, {
    executionProviders: [{ name: 'webgpu', device }],
    externalData: model.externalData.map(({ path, data }) => ({
      path,
      data: new WatchedBlob(data, () => {}),
    })),
    extra: { session: { disable_cpu_ep_fallback: '1' } },
  });
  const inputs = graph.inputs.map(({ name, dtype, shape }) => {
    return [name, new ort.Tensor(dtype as 'float32', feeds[name]?.data as Float32Array, shape)] as const;
  });
  const results = await session.run(Object.fromEntries(inputs));
  await session.release();
  return Object.fromEntries(graph.outputs.map(({ name }) => [name, results[name]?.data as Float32Array]));
}

/** One for all goldens: what has been compiled for one graph serves the next. */
const device = requestDevice();
let own: OwnKernels | undefined;

globalThis.checkGolden = async (name, kernels, bits) => {
  const { runs } = await goldenCase(name, read, targetOf(kernels), bits);
  const errors: Record<string, number> = {};
  // Software shaders take seconds to compile, and a UNet for one text has no operator that the one for two lacks.
  for (const golden of runs.filter(({ title }) => title !== 'the second text alone')) {
    for (const [name, found] of Object.entries(await run(golden)))
      errors[`${golden.title}: ${name}`] = relativeError(found, golden.expected[name] as GoldenTensor);
  }
  return errors;
};

const readFloats = async ({ shape, blob, offset, length }: StoredTensor): Promise<GoldenTensor> => {
  return { shape, data: new Float32Array(await blob.slice(offset, offset + length).arrayBuffer()) };
};

globalThis.checkLora = async (name, kernels) => {
  const file = (path: string) => read(`/src/loaders/golden/lora-methods/${path}.safetensors`);
  const model = await readTensors('model', await file('model'));
  const expected = await readTensors('expected', await file(`${name}.f32.expected`));
  const { changes } = await readLora({ name, file: await file(`${name}.f32`) }, loraPlaces({ unet: model }));
  const merges = [...(changes.get('unet') ?? [])].map(([name, placed]) => {
    return { name, tensor: model.get(name) as StoredTensor, changes: [{ ...placed, strength: 1 }] };
  });
  const { graph, factors } = mergeLora(merges, targetOf(kernels));
  const feeds: Record<string, GoldenTensor> = {};
  for (const [name, { shape, read }] of factors) feeds[name] = { shape, data: await read() };
  const errors: Record<string, number> = {};
  for (const [name, found] of Object.entries(await run({ graph, feeds })))
    errors[name] = relativeError(found, await readFloats(expected.get(name) as StoredTensor));
  return errors;
};

const CASES = {
  ...{ gemm: gemmCase, quantized: quantizedCase, codes: codesCase, narrow: narrowCase },
  ...{ attention: attentionCase, groupNorm: groupNormCase },
  ...{ normalize: normalizeCase, layerNorm: layerNormCase, softmax: softmaxCase },
  ...{ elementwise: elementwiseCase, gather: gatherCase, mean: meanCase },
};
export type CaseName = keyof typeof CASES;
let pipelines: Pipelines | undefined;

globalThis.checkKernel = async (name, storage, seeds) => {
  const gpu = await device;
  pipelines ??= new Pipelines(gpu);
  const errors: Record<string, number> = {};
  for (let seed = 1; seed <= seeds; seed++) {
    const made = CASES[name](new Draw(randomFrom(seed)), storage);
    errors[`${seed}: ${made.title}`] = (await runCase(gpu, pipelines, made)) / (made.tolerance || 1e-9);
  }
  return errors;
};

globalThis.checkSelfTest = async (names) => {
  const gpu = await device;
  const right = new Pipelines(gpu);
  const found: Record<string, string | undefined> = { none: await wrongKernel(gpu, right, 'packed16') };
  for (const name of names) {
    // A kernel of this kind writes numbers that are one part in twenty too large.
    const broken = (code: string) =>
      code.replace(/(fn write_\w+\(i: u32, )value(: [^)]+\) \{)/g, '$1right$2 let value = right * 1.05;');
    const pipelines: Pick<Pipelines, 'get'> = {
      get: (kernel) =>
        right.get(kernel.name.startsWith(name) ? { ...kernel, code: broken(kernel.code) } : kernel),
    };
    found[name] = await wrongKernel(gpu, pipelines as Pipelines, 'packed16');
  }
  return found;
};

import { SUBGROUP_MATRICES } from '../gpu/matrices.ts';
import type { DeviceReport } from '../protocol/device.ts';
import { AppError } from '../protocol/errors.ts';
import { cpuThreads, zippedWasm } from './ort.ts';

/** Limits that are raised to the adapter's, where it has them: models need large buffers, and the defaults are small. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

/** Features that are used where an adapter has them: float16 in shaders, the clock that tiles are tried by, subgroup matrices. */
const FEATURES: readonly GPUFeatureName[] = ['shader-f16', 'timestamp-query', SUBGROUP_MATRICES];

/** Pauses before a browser is asked again that offers no GPU: one that has just started may offer it a second later. */
const ASK_AGAIN_MS = [250, 500, 1000];
/** How long a browser may take to say whether it has a GPU. */
const ANSWER_MS = 10_000;

/** Gives the fastest GPU's adapter, a new one each time, or null where there is none. */
export type RequestAdapter = () => Promise<GPUAdapter | null>;

/** @returns what asks the browser; where it first offers none, fails or is silent, it is asked again before that is believed */
export function createRequestAdapter(): RequestAdapter {
  const ask: RequestAdapter = async () => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const silence = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), ANSWER_MS);
    });
    try {
      const adapter = navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
      return (await Promise.race([adapter, silence])) ?? null;
    } catch {
      // A browser whose GPU process is gone has none to offer.
      return null;
    } finally {
      clearTimeout(timer);
    }
  };
  let asked: Promise<void> | undefined;
  const askPatiently = async () => {
    for (const pauseMs of ASK_AGAIN_MS) {
      if (!navigator.gpu || (await ask())) return;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  return async () => {
    asked ??= askPatiently();
    await asked;
    return ask();
  };
}

/** The devices of this machine, and which of them `auto` stands for. */
export async function probeDevice(requestAdapter: RequestAdapter): Promise<DeviceReport> {
  const report = await detectDevice(requestAdapter);
  const runtime = zippedWasm(report.auto);
  return runtime === undefined ? report : { ...report, runtime };
}

async function detectDevice(requestAdapter: RequestAdapter): Promise<DeviceReport> {
  const threads = cpuThreads();
  if (!navigator.gpu) return { auto: 'wasm', threads, reason: 'no-webgpu' };
  const adapter = await requestAdapter();
  if (!adapter) return { auto: 'wasm', threads, reason: 'no-adapter' };
  const report = { gpu: nameOf(adapter), threads };
  if (isSoftware(adapter)) {
    return { ...report, auto: 'wasm', reason: 'software' };
  }
  return { ...report, auto: 'webgpu' };
}

/** The most telling name that the browser has; drivers leave any of the fields empty. */
export function nameOf(adapter: GPUAdapter): string {
  const { description, device, architecture, vendor } = infoOf(adapter);
  return description || device || [vendor, architecture].filter(Boolean).join(' ') || 'GPU';
}

/** Tells a GPU from any other, its driver and the browser included, as far as browsers say. */
export function identityOf(adapter: GPUAdapter): string {
  const { vendor, architecture, device, description } = infoOf(adapter);
  return JSON.stringify([vendor, architecture, device, description, navigator.userAgent]);
}

/** What a browser tells of an adapter; some tell nothing. */
function infoOf({ info }: Partial<GPUAdapter>): Partial<GPUAdapterInfo> {
  return info ?? {};
}

/** `isFallbackAdapter` was the adapter's own before it was the info's, and a browser has it in one place only. */
export function isSoftware(adapter: GPUAdapter & { readonly isFallbackAdapter?: boolean }): boolean {
  const info = infoOf(adapter);
  return (
    info.isFallbackAdapter ||
    adapter.isFallbackAdapter ||
    /swiftshader|llvmpipe|basic render/i.test(`${info.architecture} ${info.description}`)
  );
}

/**
 * A device of our own, so that it can be destroyed with all its buffers. Without `subgroups`: the kernels that use them
 * compute attention wrongly on some drivers.
 * @throws AppError device-lost where the GPU is gone since it was offered
 */
export async function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const descriptor: GPUDeviceDescriptor = {
    requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(
      LIMITS.map((name) => [name, adapter.limits[name]] as const).filter(([, limit]) => limit !== undefined),
    ),
  };
  try {
    return await adapter.requestDevice(descriptor);
  } catch (cause) {
    throw new AppError('device-lost', `The GPU could not be opened: ${cause}`, {}, { cause });
  }
}

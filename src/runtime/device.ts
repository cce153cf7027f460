import type { DeviceReport } from '../protocol/device.ts';
import { cpuThreads, zippedWasm } from './ort.ts';

/** Limits raised to whatever the adapter has: models need large buffers, and defaults are small. */
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

export async function requestAdapter(): Promise<GPUAdapter | null> {
  return (await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' })) ?? null;
}

/** What this machine offers, and which of it `auto` takes. */
export async function probeDevice(): Promise<DeviceReport> {
  const report = await lookAround();
  const runtime = zippedWasm(report.auto);
  return runtime === undefined ? report : { ...report, runtime };
}

async function lookAround(): Promise<DeviceReport> {
  const threads = cpuThreads();
  if (!navigator.gpu) return { auto: 'wasm', f16: false, threads, reason: 'no-webgpu' };
  const adapter = await requestAdapter();
  if (!adapter) return { auto: 'wasm', f16: false, threads, reason: 'no-adapter' };
  const report = { gpu: nameOf(adapter.info), f16: adapter.features.has('shader-f16'), threads };
  if (isSoftware(adapter.info)) {
    return { ...report, auto: 'wasm', reason: 'software' };
  }
  return { ...report, auto: 'webgpu' };
}

/** The best of what the browser tells; drivers leave any of it empty. */
function nameOf({ description, device, architecture, vendor }: GPUAdapterInfo): string {
  return description || device || [vendor, architecture].filter(Boolean).join(' ') || 'GPU';
}

function isSoftware(info: GPUAdapterInfo): boolean {
  return (
    info.isFallbackAdapter ||
    /swiftshader|llvmpipe|basic render/i.test(`${info.architecture} ${info.description}`)
  );
}

/**
 * A device of our own: freed with all its buffers when the model goes. Without `subgroups`: the kernels that use
 * them give wrong attention on some drivers.
 */
export async function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  return adapter.requestDevice({
    requiredFeatures: adapter.features.has('shader-f16') ? ['shader-f16'] : [],
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
  });
}

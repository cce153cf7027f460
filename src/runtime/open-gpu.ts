import { OwnKernels } from '../gpu/own-kernels.ts';
import type { TileStore } from '../gpu/tune.ts';
import { AppError } from '../protocol/errors.ts';
import { identityOf, isSoftware, nameOf, type RequestAdapter, requestDevice } from './device.ts';
import { hung, StallWatch } from './stall.ts';

/** A GPU that a runtime runs on. */
export interface Gpu {
  readonly device: GPUDevice;
  readonly name: string;
  /** Undefined where onnxruntime's kernels run all. */
  readonly kernels: OwnKernels | undefined;
  /** A processor plays it. */
  readonly isSoftware: boolean;
  /** Looks whether it goes on. */
  readonly watch: StallWatch;
  /** Which of our kernels this GPU computes wrongly. */
  readonly wrongKernel: string | undefined;
}

/** Where the tiles that suit a GPU are kept, by what tells it from others. */
export type TilesOf = (gpu: string) => TileStore;

/**
 * Opens a GPU, and tests our own kernels on it.
 * @param tilesOf without it no tiles are tried
 * @throws AppError no-webgpu when there is no adapter; device-lost where it stops answering
 */
export async function openGpu(requestAdapter: RequestAdapter, tilesOf?: TilesOf): Promise<Gpu> {
  const adapter = await requestAdapter();
  if (!adapter) throw new AppError('no-webgpu', 'This browser found no usable GPU.');
  const watch = new StallWatch();
  const device = await watch.unlessStalled(
    () => requestDevice(adapter),
    () => hung('opened'),
  );
  watch.follow(device);
  const about = { device, watch, name: nameOf(adapter), isSoftware: isSoftware(adapter) };
  const kernels = new OwnKernels(device, about.isSoftware, {
    tiles: tilesOf?.(identityOf(adapter)),
    info: adapter.info,
  });
  const wrongKernel = await watch.unlessStalled(
    () => kernels.wrong(),
    () => hung('tested'),
  );
  return { ...about, kernels: wrongKernel === undefined ? kernels : undefined, wrongKernel };
}

import type { Kernel } from '../kernels/kernel.ts';

/** The compiled shaders of a device: one for each code. */
export class Pipelines {
  readonly #device: GPUDevice;
  readonly #known = new Map<string, Promise<GPUComputePipeline>>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** @throws GPUPipelineError when the driver refuses the shader */
  get({ name, code }: Kernel): Promise<GPUComputePipeline> {
    const known = this.#known.get(code);
    if (known) return known;
    const module = this.#device.createShaderModule({ code, label: name });
    const made = this.#device.createComputePipelineAsync({
      label: name,
      layout: 'auto',
      compute: { module, entryPoint: 'main' },
    });
    this.#known.set(code, made);
    // A driver that was short of memory may take it the next time.
    made.catch(() => this.#known.delete(code));
    return made;
  }
}

/** A pipeline's bind group: what stands at its bindings, from 0 on. */
export function bound(
  device: GPUDevice,
  pipeline: GPUComputePipeline,
  resources: readonly GPUBufferBinding[],
): GPUBindGroup {
  return device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: resources.map((resource, binding) => ({ binding, resource })),
  });
}

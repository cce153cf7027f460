import { vi } from 'vitest';

/** A GPU that computes nothing, and counts what it is given. Its errors are the test's. */
export class FakeDevice extends EventTarget {
  readonly features = new Set<string>();
  readonly limits = {
    ...{ maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27, minStorageBufferOffsetAlignment: 256 },
    ...{ maxStorageBuffersPerShaderStage: 8, maxComputeWorkgroupsPerDimension: 65_535 },
    maxComputeWorkgroupStorageSize: 16_384,
  };
  lose: (info: { readonly reason: string; readonly message: string }) => void = () => {};
  readonly lost = new Promise((resolve) => {
    this.lose = resolve;
  });
  /** Sizes of the buffers that are not destroyed. */
  readonly live = new Set<{ readonly size: number }>();
  created = 0;
  /** How many command buffers each submission had. */
  readonly submitted: number[] = [];
  /** Writes to a buffer that was destroyed. */
  lostWrites = 0;
  /** Bytes written to each buffer, in order. */
  readonly written: number[] = [];
  dispatches = 0;
  /** What the next scope of this kind has caught. */
  readonly caught = new Map<string, object>();
  readonly compile = vi.fn(async (): Promise<object> => ({ getBindGroupLayout: () => ({}) }));
  /** Ends when the queue has done what it was given. */
  readonly workDone = vi.fn(async (): Promise<void> => {});
  readonly map = vi.fn(async (): Promise<void> => {});
  readonly #scopes: string[] = [];

  readonly queue = {
    writeBuffer: (buffer: { readonly size: number }, _: number, data: ArrayBufferView) => {
      if (!this.live.has(buffer)) this.lostWrites++;
      this.written.push(data.byteLength);
    },
    submit: (commands: readonly object[]) => this.submitted.push(commands.length),
    onSubmittedWorkDone: () => this.workDone(),
  };

  createBuffer({ size }: { readonly size: number }): object {
    const buffer = {
      size,
      destroy: () => this.live.delete(buffer),
      isMapped: false,
      mapAsync: async () => {
        if (buffer.isMapped) throw new Error('mapped already');
        await this.map();
        buffer.isMapped = true;
      },
      getMappedRange: () => new ArrayBuffer(size),
      unmap: () => {
        buffer.isMapped = false;
      },
    };
    this.live.add(buffer);
    this.created++;
    return buffer;
  }

  createShaderModule = () => ({});
  createBindGroup = () => ({});
  createComputePipelineAsync = () => this.compile();

  createCommandEncoder() {
    const dispatchWorkgroups = () => {
      this.dispatches++;
    };
    const pass = { setPipeline() {}, setBindGroup() {}, dispatchWorkgroups, end() {} };
    return { beginComputePass: () => pass, copyBufferToBuffer() {}, finish: () => ({}) };
  }

  pushErrorScope(kind: string): void {
    this.#scopes.push(kind);
  }

  async popErrorScope(): Promise<object | null> {
    const kind = this.#scopes.pop() as string;
    const error = this.caught.get(kind);
    this.caught.delete(kind);
    return error ?? null;
  }

  /** As the code under test takes it. */
  get asDevice(): GPUDevice {
    return this as unknown as GPUDevice;
  }
}

/** What browsers have as globals. */
export function stubGlobals(): void {
  const usage = { MAP_READ: 1, COPY_SRC: 4, COPY_DST: 8, UNIFORM: 64, STORAGE: 128 };
  vi.stubGlobal('GPUBufferUsage', usage);
  vi.stubGlobal('GPUMapMode', { READ: 1 });
}

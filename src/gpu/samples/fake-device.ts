import { vi } from 'vitest';

/** A GPU that computes nothing, and counts what it is given. Its errors are the test's. */
export class FakeDevice {
  readonly limits = {
    ...{ maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27, minStorageBufferOffsetAlignment: 256 },
  };
  /** Sizes of the buffers that are not destroyed. */
  readonly live = new Set<{ readonly size: number }>();
  created = 0;
  /** How many command buffers each submission had. */
  readonly submitted: number[] = [];
  /** Writes to a buffer that was destroyed. */
  lostWrites = 0;
  /** What the next scope of this kind has caught. */
  readonly caught = new Map<string, object>();
  readonly compile = vi.fn(async (): Promise<object> => ({ getBindGroupLayout: () => ({}) }));
  readonly #scopes: string[] = [];

  readonly queue = {
    writeBuffer: (buffer: { readonly size: number }) => {
      if (!this.live.has(buffer)) this.lostWrites++;
    },
    submit: (commands: readonly object[]) => this.submitted.push(commands.length),
  };

  createBuffer({ size }: { readonly size: number }): object {
    const buffer = {
      size,
      destroy: () => this.live.delete(buffer),
      isMapped: false,
      mapAsync: async () => {
        if (buffer.isMapped) throw new Error('mapped already');
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
    const pass = { setPipeline() {}, setBindGroup() {}, dispatchWorkgroups() {}, end() {} };
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

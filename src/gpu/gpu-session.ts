import type { Feeds, Graph } from '../graph/graph.ts';
import type { Kept } from '../graph/kept-tensors.ts';
import { type Kernel, STORAGE_BYTES } from '../kernels/kernel.ts';
import { elementCount } from '../numerics/tensor.ts';
import { bufferBytes } from './buffer-bytes.ts';
import { checked } from './checked.ts';
import { KeptBuffers } from './kept-buffers.ts';
import { type MemoryPlan, planMemory } from './memory.ts';
import { bound, type Pipelines } from './pipelines.ts';
import { type Operand, type Port, type Program, type Step, uniformBytes } from './program.ts';
import { SessionWeights } from './session-weights.ts';

/**
 * Work that a command buffer may hold, so that none takes a slow GPU a tenth of a second: Windows resets one after two. A processor that
 * plays a GPU computes 0.6 GFLOP/s, and a tenth of that on a busy machine; whether it goes on is seen from their ends.
 */
export const FLOPS_AT_ONCE = { gpu: 5e10, software: 1e8 } as const;
/** Offsets of uniforms are multiples of this on every device. */
const UNIFORM_BYTES = 256;

interface Ready {
  readonly pipeline: GPUComputePipeline;
  /** Absent where it depends on what is kept. */
  readonly bindGroup: GPUBindGroup | undefined;
  readonly workgroups: Kernel['workgroups'];
  readonly flops: number;
}

type Feed = Float32Array<ArrayBuffer>;

/** How a session is opened. */
export interface Opening {
  /** Called with the bytes of the weights that have just been read; where it throws, so does `open`. */
  readonly onRead: (bytes: number) => void;
  /** Of `FLOPS_AT_ONCE`. */
  readonly flopsAtOnce: number;
  /** A session whose weights this one reads as well, and which is released after it. */
  readonly beside?: GpuSession | undefined;
}

/** The buffers of a program, and its steps as they are encoded in every run. */
export class GpuSession {
  readonly #device: GPUDevice;
  readonly #program: Program;
  readonly #plan: MemoryPlan;
  readonly #buffers: readonly GPUBuffer[];
  readonly #uniforms: GPUBuffer;
  readonly #weights: SessionWeights;
  readonly #readback: GPUBuffer;
  readonly #kept: KeptBuffers;
  readonly #returned: readonly Port[];
  readonly #flopsAtOnce: number;
  #pipelines: readonly GPUComputePipeline[] = [];
  #steps: readonly Ready[] = [];
  /** The steady inputs that the steady steps have last run with. */
  #steady: readonly Feed[] | undefined;

  private constructor(device: GPUDevice, program: Program, { flopsAtOnce, beside }: Opening) {
    this.#device = device;
    this.#flopsAtOnce = flopsAtOnce;
    this.#program = program;
    this.#plan = planMemory(program);
    const { STORAGE, COPY_DST, COPY_SRC, MAP_READ, UNIFORM } = GPUBufferUsage;
    const usage = STORAGE | COPY_DST | COPY_SRC;
    this.#buffers = this.#plan.sizes.map((size) => device.createBuffer({ size, usage, label: program.name }));
    const uniforms = Math.max(1, program.steps.length) * UNIFORM_BYTES;
    this.#uniforms = device.createBuffer({ size: uniforms, usage: UNIFORM | COPY_DST, label: 'uniforms' });
    this.#weights = new SessionWeights(device, program, beside === undefined ? undefined : beside.#weights);
    this.#kept = new KeptBuffers(device, program);
    this.#returned = program.outputs.filter(({ isKept }) => !isKept);
    const size = this.#returned.reduce((sum, port) => sum + portBytes(port), 0);
    this.#readback = device.createBuffer({ size, usage: MAP_READ | COPY_DST, label: 'results' });
  }

  /**
   * Allocates, compiles and uploads; shaders compile while the weights are read.
   * @throws GpuRefusal; GPUPipelineError for a shader that the driver does not compile
   */
  static async open(
    device: GPUDevice,
    pipelines: Pipelines,
    graph: Graph,
    program: Program,
    opening: Opening,
  ): Promise<GpuSession> {
    const { result: session, accepted } = checked(device, () => new GpuSession(device, program, opening));
    const parts: Promise<unknown>[] = [];
    let failed: { readonly error: unknown } | undefined;
    const onRead = (bytes: number) => {
      if (failed) throw failed.error;
      opening.onRead(bytes);
    };
    try {
      await accepted;
      const steps = session.#prepare(pipelines);
      parts.push(steps, session.#weights.upload(pipelines, graph, onRead));
      await Promise.all(parts);
      session.#steps = await steps;
      return session;
    } catch (error) {
      failed = { error };
      // The other part would go on writing to buffers that are gone.
      await Promise.allSettled(parts);
      session.release();
      throw error;
    }
  }

  /**
   * The outputs by name, row-major. Steady inputs are uploaded, and what depends on them alone is computed, only when one of
   * them is another array than before.
   * @param kept what other runs have kept, and where what this one keeps goes
   * @throws TypeError when an input is missing or of another length; GpuRefusal
   */
  async run(feeds: Feeds, kept?: Kept): Promise<Record<string, Float32Array>> {
    const { queue } = this.#device;
    const inputs = this.#program.inputs.filter(({ isKept }) => !isKept);
    const fed = inputs.map((port) => ({ ...port, feed: feedOf(port, feeds) }));
    const steady = fed.flatMap(({ isSteady, feed }) => (isSteady ? [feed] : []));
    const known = this.#steady;
    const isKnown = known !== undefined && steady.every((feed, i) => feed === known[i]);
    this.#steady = undefined;
    const { accepted } = checked(this.#device, () => {
      for (const { tensor, isSteady, feed } of fed)
        if (!(isKnown && isSteady)) queue.writeBuffer(this.#bufferOf(tensor), 0, feed);
      // Browsers make one command list of all that is submitted at once.
      for (const commands of this.#commands(isKnown ? this.#program.steadySteps : 0, kept))
        queue.submit([commands]);
    });
    await this.#readback.mapAsync(GPUMapMode.READ);
    try {
      await accepted;
      this.#steady = steady;
      return this.#results(this.#readback.getMappedRange());
    } finally {
      this.#readback.unmap();
    }
  }

  #results(bytes: ArrayBuffer): Record<string, Float32Array> {
    let at = 0;
    const results = this.#returned.map((port) => {
      const values = new Float32Array(bytes.slice(at, at + 4 * elementCount(port.shape)));
      at += portBytes(port);
      return [port.name, values] as const;
    });
    return Object.fromEntries(results);
  }

  release(): void {
    for (const buffer of [...this.#buffers, this.#uniforms, this.#readback]) buffer.destroy();
    this.#weights.release();
  }

  /** The steps from one on, and the way of the outputs to where they can be read. */
  #commands(from: number, kept: Kept | undefined): GPUCommandBuffer[] {
    const commands: GPUCommandBuffer[] = [];
    const bindGroupOf = this.#kept.bindGroups(kept, (i, buffers) => this.#bindGroup(i, buffers));
    for (let first = from; first < this.#steps.length; ) {
      const encoder = this.#device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      let flops = 0;
      for (; first < this.#steps.length && flops < this.#flopsAtOnce; first++) {
        const step = this.#steps[first] as Ready;
        pass.setPipeline(step.pipeline);
        pass.setBindGroup(0, step.bindGroup ?? bindGroupOf(first));
        pass.dispatchWorkgroups(...step.workgroups);
        flops += step.flops;
      }
      pass.end();
      commands.push(encoder.finish());
    }
    const encoder = this.#device.createCommandEncoder();
    let at = 0;
    for (const port of this.#returned) {
      encoder.copyBufferToBuffer(this.#bufferOf(port.tensor), 0, this.#readback, at, portBytes(port));
      at += portBytes(port);
    }
    return [...commands, encoder.finish()];
  }

  #bufferOf(tensor: number): GPUBuffer {
    return this.#buffers[this.#plan.bufferOf[tensor] as number] as GPUBuffer;
  }

  #bound(operand: Operand, kept?: ReadonlyMap<number, GPUBuffer>): GPUBufferBinding {
    const { weights, tensors } = this.#program;
    if ('weight' in operand)
      return this.#weights.placeOf(weights[operand.weight] as Program['weights'][number]);
    const { storage, length } = tensors[operand.tensor] as Program['tensors'][number];
    const buffer = kept?.get(operand.tensor) ?? this.#bufferOf(operand.tensor);
    return { buffer, size: bufferBytes(length * STORAGE_BYTES[storage]) };
  }

  #bindGroup(i: number, kept?: ReadonlyMap<number, GPUBuffer>): GPUBindGroup {
    const { kernel, reads, writes } = this.#program.steps[i] as Step;
    const uniforms = { buffer: this.#uniforms, offset: i * UNIFORM_BYTES, size: uniformBytes(kernel) };
    const operands = [...reads, { tensor: writes }].map((operand) => this.#bound(operand, kept));
    return bound(this.#device, this.#pipelines[i] as GPUComputePipeline, [uniforms, ...operands]);
  }

  async #prepare(pipelines: Pipelines): Promise<Ready[]> {
    const { steps } = this.#program;
    const words = new Uint32Array((steps.length * UNIFORM_BYTES) / 4);
    for (const [i, { kernel }] of steps.entries()) words.set(kernel.uniforms, (i * UNIFORM_BYTES) / 4);
    this.#device.queue.writeBuffer(this.#uniforms, 0, words);
    this.#pipelines = await Promise.all(steps.map(({ kernel }) => pipelines.get(kernel)));
    return steps.map((step, i) => {
      const { workgroups, flops } = step.kernel;
      const pipeline = this.#pipelines[i] as GPUComputePipeline;
      return {
        pipeline,
        bindGroup: this.#kept.isOf(step) ? undefined : this.#bindGroup(i),
        workgroups,
        flops,
      };
    });
  }
}

const portBytes = ({ shape }: Port): number => bufferBytes(4 * elementCount(shape));

function feedOf({ name, shape }: Port, feeds: Feeds): Feed {
  const feed = feeds[name];
  if (!feed) throw new TypeError(`The graph needs ${name}.`);
  if (feed.length !== elementCount(shape))
    throw new TypeError(`${name} has ${feed.length} numbers, not [${shape}].`);
  return feed as Feed;
}

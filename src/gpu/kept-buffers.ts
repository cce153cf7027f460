import type { Kept, KeptTensors } from '../graph/kept-tensors.ts';
import { STORAGE_BYTES } from '../kernels/kernel.ts';
import { bufferBytes } from './buffer-bytes.ts';
import type { Port, Program, Step } from './program.ts';

/** Buffers by tensor. */
type Buffers = ReadonlyMap<number, GPUBuffer>;

/** The tensors of a program that stay on the GPU from run to run, and the bind groups of the steps that read or write them. */
export class KeptBuffers {
  readonly #device: GPUDevice;
  readonly #program: Program;
  readonly #inputs: readonly Port[];
  readonly #outputs: readonly Port[];
  readonly #tensors: ReadonlySet<number>;
  readonly #made = new WeakMap<KeptTensors, Map<string, Map<number, GPUBindGroup>>>();

  constructor(device: GPUDevice, program: Program) {
    this.#device = device;
    this.#program = program;
    this.#inputs = program.inputs.filter(({ isKept }) => isKept);
    this.#outputs = program.outputs.filter(({ isKept }) => isKept);
    this.#tensors = new Set([...this.#inputs, ...this.#outputs].map(({ tensor }) => tensor));
  }

  /** Whether a step reads or writes what is kept. */
  isOf({ reads, writes }: Step): boolean {
    return this.#tensors.has(writes) || reads.some((one) => 'tensor' in one && this.#tensors.has(one.tensor));
  }

  /**
   * The bind group of a step, by its index: made when it is first asked for, anew for other buffers.
   * @throws TypeError when an input was not kept
   */
  bindGroups(
    kept: Kept | undefined,
    make: (step: number, buffers: Buffers) => GPUBindGroup,
  ): (step: number) => GPUBindGroup {
    if (this.#tensors.size === 0) return (step) => make(step, new Map());
    if (!kept) throw new TypeError(`${this.#program.name} needs what is kept.`);
    const buffers = this.#buffers(kept);
    const made = this.#madeFor(kept);
    return (step) => {
      const known = made.get(step) ?? make(step, buffers);
      made.set(step, known);
      return known;
    };
  }

  #madeFor({ tensors, prefix }: Kept): Map<number, GPUBindGroup> {
    const byPrefix = this.#made.get(tensors) ?? new Map<string, Map<number, GPUBindGroup>>();
    this.#made.set(tensors, byPrefix);
    const made = byPrefix.get(prefix) ?? new Map<number, GPUBindGroup>();
    byPrefix.set(prefix, made);
    return made;
  }

  #buffers({ tensors, prefix }: Kept): Buffers {
    const buffers = new Map<number, GPUBuffer>();
    for (const port of this.#inputs) {
      const known = tensors.get(this.#nameOf(port, prefix));
      if (!known) throw new TypeError(`${this.#program.name} needs ${prefix}${port.name}.`);
      buffers.set(port.tensor, known as GPUBuffer);
    }
    for (const port of this.#outputs) {
      const name = this.#nameOf(port, prefix);
      const buffer = (tensors.get(name) as GPUBuffer | undefined) ?? this.#create(port);
      tensors.set(name, buffer);
      buffers.set(port.tensor, buffer);
    }
    return buffers;
  }

  /** Of one text and of two it is not the same, and bind groups know a buffer for good. */
  #nameOf({ name, tensor }: Port, prefix: string): string {
    const { length } = this.#program.tensors[tensor] as Program['tensors'][number];
    return `${prefix}${name} [${length}]`;
  }

  #create({ name, tensor }: Port): GPUBuffer {
    const { storage, length } = this.#program.tensors[tensor] as Program['tensors'][number];
    const { STORAGE, COPY_DST, COPY_SRC } = GPUBufferUsage;
    const usage = STORAGE | COPY_DST | COPY_SRC;
    return this.#device.createBuffer({
      size: bufferBytes(length * STORAGE_BYTES[storage]),
      usage,
      label: name,
    });
  }
}

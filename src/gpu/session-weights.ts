import type { Graph } from '../graph/graph.ts';
import type { Kernel } from '../kernels/kernel.ts';
import { bound, type Pipelines } from './pipelines.ts';
import { type Program, uniformBytes, type Weight } from './program.ts';
import { type Placed, placeWeights, type RunNow, uploadWeights } from './upload.ts';

/** The weights of a program on the GPU: its own, and those of another program over the same files that it reads as well. */
export class SessionWeights {
  readonly #device: GPUDevice;
  readonly #places = new Map<string, Placed>();
  readonly #own: readonly Weight[];
  readonly #ownPlaces: readonly Placed[];

  /** @param shared what this program's files have on the GPU already; it is released after this */
  constructor(device: GPUDevice, { weights }: Pick<Program, 'weights'>, shared?: SessionWeights) {
    this.#device = device;
    const known = shared ? shared.#places : new Map<string, Placed>();
    this.#own = weights.filter((weight) => !isInFile(weight) || !known.has(keyOf(weight)));
    this.#ownPlaces = placeWeights(device, this.#own);
    for (const [key, place] of known) this.#places.set(key, place);
    for (const [i, weight] of this.#own.entries())
      this.#places.set(keyOf(weight), this.#ownPlaces[i] as Placed);
  }

  placeOf(weight: Weight): Placed {
    return this.#places.get(keyOf(weight)) as Placed;
  }

  /**
   * Reads its own weights from their files.
   * @param onRead called with the bytes that have just been read; where it throws, no more are read
   */
  upload(pipelines: Pipelines, graph: Graph, onRead: (bytes: number) => void): Promise<void> {
    const runNow: RunNow = (kernel, reads, writes) => this.#runNow(pipelines, kernel, [...reads, writes]);
    return uploadWeights(this.#device, graph, this.#own, this.#ownPlaces, runNow, onRead);
  }

  release(): void {
    for (const buffer of new Set(this.#ownPlaces.map(({ buffer }) => buffer))) buffer.destroy();
  }

  async #runNow(pipelines: Pipelines, kernel: Kernel, operands: readonly Placed[]): Promise<void> {
    const pipeline = await pipelines.get(kernel);
    const uniforms = this.#device.createBuffer({
      size: uniformBytes(kernel),
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    this.#device.queue.writeBuffer(uniforms, 0, kernel.uniforms);
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bound(this.#device, pipeline, [{ buffer: uniforms }, ...operands]));
    pass.dispatchWorkgroups(...kernel.workgroups);
    pass.end();
    this.#device.queue.submit([encoder.finish()]);
    uniforms.destroy();
  }
}

/** The bytes of weights that are read from files. */
export const bytesInFiles = (weights: readonly Weight[]): number =>
  weights
    .flatMap(({ parts }) => parts)
    .reduce((sum, part) => sum + ('range' in part ? part.range.length : 0), 0);

/** Tensors of files have the same names in every graph over them, constants only within one. */
const isInFile = ({ parts }: Weight): boolean => parts.every((part) => 'range' in part);

const keyOf = ({ parts, storage, taps }: Weight): string =>
  `${taps} ${storage} ${parts.map(({ name }) => name).join('|')}`;

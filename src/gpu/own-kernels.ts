import type { Graph } from '../graph/graph.ts';
import { GpuRefusal } from './checked.ts';
import { compile } from './compile.ts';
import { NoKernelError } from './emitter.ts';
import { GpuSession } from './gpu-session.ts';
import { beyondLimits } from './limits.ts';
import { Pipelines } from './pipelines.ts';
import type { Program } from './program.ts';
import { wrongKernel } from './self-test.ts';
import { chooseTile, SHORT_ATTENTION } from './tiles.ts';
import { variantsOf } from './variants.ts';

/** Kernels of our own on one device. */
export class OwnKernels {
  readonly #device: GPUDevice;
  readonly #pipelines: Pipelines;
  readonly #hasF16: boolean;
  readonly #isSoftware: boolean;

  /** @param isSoftware a processor plays the GPU: short shaders, since it compiles each for a second */
  constructor(device: GPUDevice, isSoftware: boolean) {
    this.#device = device;
    this.#pipelines = new Pipelines(device);
    this.#hasF16 = device.features.has('shader-f16');
    this.#isSoftware = isSoftware;
  }

  /** What they compute wrongly here; undefined when all is right. */
  wrong(): Promise<string | undefined> {
    const storage = this.#hasF16 ? 'float16' : 'packed16';
    const memory = this.#device.limits.maxComputeWorkgroupStorageSize;
    return wrongKernel(this.#device, this.#pipelines, storage, variantsOf(memory, this.#isSoftware));
  }

  /**
   * A graph's steps; undefined where there is no kernel for one of its nodes, and onnxruntime may run it.
   * @throws GpuRefusal where the steps are beyond this device's limits
   */
  compile(graph: Graph): Program | undefined {
    const program = this.#compiled(graph);
    const beyond = program && beyondLimits(program, this.#device.limits);
    if (beyond !== undefined) throw new GpuRefusal(beyond, true);
    return program;
  }

  #compiled(graph: Graph): Program | undefined {
    try {
      return compile(graph, {
        hasF16: this.#hasF16,
        workgroupMemory: this.#device.limits.maxComputeWorkgroupStorageSize,
        tileFor: (rows, columns, inner) => chooseTile(rows, columns, inner, this.#isSoftware),
        attentionTile: this.#isSoftware ? SHORT_ATTENTION : undefined,
      });
    } catch (error) {
      if (error instanceof NoKernelError) return undefined;
      throw error;
    }
  }

  /** @param onRead called with the bytes of the weights that have just been read */
  open(graph: Graph, program: Program, onRead: (bytes: number) => void): Promise<GpuSession> {
    return GpuSession.open(this.#device, this.#pipelines, graph, program, onRead);
  }
}

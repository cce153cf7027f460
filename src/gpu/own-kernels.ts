import type { Graph } from '../graph/graph.ts';
import { takesMatrices } from '../kernels/gemm-matrix.ts';
import type { Tile } from '../kernels/product.ts';
import { GpuRefusal } from './checked.ts';
import { compile } from './compile.ts';
import { NoKernelError } from './emitter.ts';
import { FLOPS_AT_ONCE, GpuSession } from './gpu-session.ts';
import { beyondLimits } from './limits.ts';
import { matricesWork, matrixTileOf } from './matrices.ts';
import { Pipelines } from './pipelines.ts';
import type { Program } from './program.ts';
import { wrongKernel } from './self-test.ts';
import { stopwatchOf } from './stopwatch.ts';
import { chooseMatrixTile, chooseTile, SHORT_ATTENTION, SOFTWARE } from './tiles.ts';
import { openTrial } from './trial.ts';
import { type TileStore, Tuner } from './tune.ts';
import { variantsOf } from './variants.ts';

/** Kernels of our own on one device. */
export class OwnKernels {
  readonly #device: GPUDevice;
  readonly #pipelines: Pipelines;
  readonly #hasF16: boolean;
  readonly #isSoftware: boolean;
  readonly #tuner: Tuner | undefined;
  /** The tile for subgroup matrices, where there are any and they compute rightly. */
  #matrixTile: Tile | undefined;

  /**
   * @param isSoftware a processor plays the GPU: short shaders, since it compiles each for a second
   * @param tiles where the tiles that are best on this GPU are kept; without it none are tried, nor on a processor
   * @param info the adapter's
   */
  constructor(
    device: GPUDevice,
    isSoftware: boolean,
    { tiles, info = {} }: { tiles?: TileStore | undefined; info?: Partial<GPUAdapterInfo> } = {},
  ) {
    this.#device = device;
    this.#pipelines = new Pipelines(device);
    this.#hasF16 = device.features.has('shader-f16');
    this.#isSoftware = isSoftware;
    if (isSoftware) return;
    this.#matrixTile = matrixTileOf(device, info);
    if (!tiles) return;
    const start = stopwatchOf(device);
    this.#tuner = new Tuner({
      open: (product, splits) => openTrial(device, start, product, splits),
      store: tiles,
      now: () => performance.now(),
    });
  }

  /** What they compute wrongly here; undefined when all is right. Subgroup matrices that are wrong are not used. */
  async wrong(): Promise<string | undefined> {
    const [device, pipelines] = [this.#device, this.#pipelines];
    const storage = this.#hasF16 ? 'float16' : 'packed16';
    const variants = variantsOf(device.limits.maxComputeWorkgroupStorageSize, this.#isSoftware);
    const wrong = await wrongKernel(device, pipelines, storage, variants);
    const tile = this.#matrixTile;
    if (tile && (wrong !== undefined || !(await matricesWork(device, pipelines, tile))))
      this.#matrixTile = undefined;
    return wrong;
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
    this.#tuner?.begin();
    try {
      return compile(graph, {
        hasF16: this.#hasF16,
        workgroupMemory: this.#device.limits.maxComputeWorkgroupStorageSize,
        tileFor: (rows, columns, inner, product) => {
          if (this.#isSoftware) return SOFTWARE;
          const matrices =
            this.#matrixTile &&
            takesMatrices(product) &&
            chooseMatrixTile(this.#matrixTile, rows, columns, inner);
          if (matrices) return matrices;
          const usual = chooseTile(rows, columns, inner);
          return this.#tuner?.tileFor(product, usual, 2 * rows * columns * inner) ?? usual;
        },
        attentionTile: this.#isSoftware ? SHORT_ATTENTION : undefined,
      });
    } catch (error) {
      if (error instanceof NoKernelError) return undefined;
      throw error;
    }
  }

  /**
   * Opens a program that was compiled last, with the tiles that are best here: at its first use on a GPU they are tried.
   * @param onRead called with the bytes of the weights that have just been read; where it throws, so does this
   * @param beside a session whose weights this one reads as well, and which is released after it
   */
  async open(
    graph: Graph,
    program: Program,
    onRead: (bytes: number) => void,
    beside?: GpuSession,
  ): Promise<GpuSession> {
    const isBetter = await this.#tuner?.tune();
    const tuned = isBetter ? (this.compile(graph) ?? program) : program;
    const flopsAtOnce = this.#isSoftware ? FLOPS_AT_ONCE.software : FLOPS_AT_ONCE.gpu;
    return GpuSession.open(this.#device, this.#pipelines, graph, tuned, { onRead, flopsAtOnce, beside });
  }
}

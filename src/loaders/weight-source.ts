import { type Lora, readLora } from '../checkpoint/lora/read-lora.ts';
import { withQuantized } from '../checkpoint/quantize.ts';
import { bytesOn, type Tensors, Weights, widenTensors } from '../checkpoint/weights.ts';
import { FLOAT_BYTES, type GraphTarget } from '../graph/graph.ts';
import { elementCount } from '../numerics/tensor.ts';
import type { LoraTag } from '../prompt/lora-tags.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import type { QuantizedBits } from '../protocol/generation.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { loraPlaces } from './lora-places.ts';
import { mergeLoras, type ScaledLora } from './merge-loras.ts';
import type { ModelSource } from './model-source.ts';
import { isTextEncoder } from './repository-layout.ts';

/** A LoRA file, and how strongly the prompt asks for it. */
export interface LoraFile extends LoraTag {
  readonly file: Blob;
  /** Tells its content from any other's. */
  readonly hash: string;
  /** What the adapter_config.json beside it says; undefined where there is none. */
  readonly config?: unknown;
}

/** A LoRA file that has been read for this model. */
interface ReadLora extends LoraTag {
  readonly hash: string;
  readonly lora: Lora;
}

/**
 * The weights of a model's components, as they are to be used: their own or a quantised copy's, with LoRAs merged into them.
 */
export class WeightSource {
  readonly #source: ModelSource;
  readonly #runtime: Runtime;
  /** Components that LoRAs and quantised copies may change: the denoiser and the text encoders. */
  readonly #changeable: readonly string[];
  #bits: QuantizedBits | null = null;
  #loras: readonly ReadLora[] = [];
  /** Components' tensors with the LoRAs merged in. */
  readonly #merged = new Map<string, Tensors>();

  constructor(source: ModelSource, runtime: Runtime, changeable: readonly string[]) {
    this.#source = source;
    this.#runtime = runtime;
    this.#changeable = changeable;
  }

  /** @throws AppError unsupported-model, not-installed, download-failed, corrupt-file; out-of-memory, device-lost */
  async read(component: string): Promise<Weights> {
    const merged = this.#merged.get(component);
    if (merged) return Weights.of(component, merged);
    const stored = await this.#source.tensors(component);
    const copy = await this.#quantized(component);
    if (this.#loras.length === 0 || !this.#changeable.includes(component))
      return Weights.of(component, copy ? withQuantized(stored, copy) : stored);
    const tensors = widenTensors(stored);
    const changed = await mergeLoras(this.#runtime, component, tensors, this.#scaled(component));
    // Tensors that a LoRA has changed are used in full; the others as they are, or from the quantised copy.
    const unchanged = [...(copy ? withQuantized(stored, copy) : stored)].filter(
      ([name]) => changed.get(name) === tensors.get(name),
    );
    const result = withQuantized(changed, new Map(unchanged));
    this.#merged.set(component, result);
    return Weights.of(component, result);
  }

  /**
   * Uses these LoRAs from now on.
   * @returns whether that changes anything
   * @throws AppError unsupported-lora, corrupt-file; then nothing has changed
   */
  async setLoras(files: readonly LoraFile[]): Promise<boolean> {
    const key = (loras: readonly (LoraTag & { readonly hash: string })[]) =>
      JSON.stringify(loras.map((lora) => [lora.hash, lora.name, lora.textEncoderWeight, lora.unetWeight]));
    if (key(files) === key(this.#loras)) return false;
    const graph = this.#changeable.find((component) => this.#source.graphs(component));
    if (graph && files.length > 0) throw fixedWeights(graph);
    const tensors: Record<string, Tensors> = {};
    for (const component of files.length > 0 ? this.#changeable : [])
      tensors[component] = await this.#source.tensors(component);
    const places = loraPlaces(tensors);
    const loras: ReadLora[] = [];
    for (const { file, config, ...tag } of files)
      loras.push({ ...tag, lora: await readLora({ name: tag.name, file, config }, places) });
    this.#loras = loras;
    this.#merged.clear();
    return true;
  }

  /** The LoRAs in use. */
  get loras(): readonly Lora[] {
    return this.#loras.map(({ lora }) => lora);
  }

  /**
   * Uses the quantised copy with this many bits from now on, or the original weights.
   * @returns whether that changes anything
   * @throws AppError not-installed when there is no such copy
   */
  setBits(bits: QuantizedBits | null): boolean {
    if (bits === this.#bits) return false;
    const denoisers = this.#changeable.filter((component) => !isTextEncoder(component));
    const graph = denoisers.find((component) => this.#source.graphs(component));
    if (bits !== null && graph) throw noCopy(graph, bits);
    this.#bits = bits;
    this.#merged.clear();
    return true;
  }

  /**
   * The bytes that the weights of components take on the device, about.
   * @param targets what each component's graph is built for
   * @throws AppError not-installed, download-failed, corrupt-file
   */
  async bytes(targets: Readonly<Record<string, GraphTarget>>): Promise<Readonly<Record<string, number>>> {
    const counted = Object.entries(targets).map(async ([name, target]) => {
      const graphs = this.#source.graphs(name);
      if (graphs) return [name, FLOAT_BYTES[target.dtype] * (await graphs.parameters(name))] as const;
      const copy: Tensors = (await this.#quantized(name)) ?? new Map();
      const loras = this.#scaled(name).filter(({ scale }) => scale !== 0);
      const isChanged = (tensor: string) => loras.some(({ lora }) => lora.changes.get(name)?.has(tensor));
      const own = [...(await this.#source.tensors(name))].map(([tensor, stored]) => {
        // A LoRA's merge is as wide as the device computes.
        if (isChanged(tensor)) return elementCount(stored.shape) * FLOAT_BYTES[target.dtype];
        return copy.has(tensor) ? 0 : bytesOn(target, stored);
      });
      const copied = [...copy].filter(([part]) => !isChanged(part.replace(/\.(scales|zero_points)$/, '')));
      const bytes = [...own, ...copied.map(([, { length }]) => length)];
      return [name, bytes.reduce((sum, length) => sum + length, 0)] as const;
    });
    return Object.fromEntries(await Promise.all(counted));
  }

  /** The LoRAs in use, as strongly as the prompt asks for them in this component. */
  #scaled(component: string): ScaledLora[] {
    return this.#loras.map(({ lora, unetWeight, textEncoderWeight }) => {
      return { lora, scale: isTextEncoder(component) ? textEncoderWeight : unetWeight };
    });
  }

  /** The component's quantised copy, when copies are used. @throws AppError not-installed */
  async #quantized(component: string): Promise<Tensors | undefined> {
    if (this.#bits === null || !this.#changeable.includes(component)) return undefined;
    const copy = await this.#source.quantized(component, this.#bits);
    if (copy) return copy;
    throw noCopy(component, this.#bits);
  }
}

function noCopy(component: string, bits: QuantizedBits): AppError {
  const details = { kind: 'no-copy', component, bits } satisfies Fault;
  return new AppError('not-installed', `There is no ${bits}-bit copy of this model's ${component}.`, details);
}

function fixedWeights(component: string): AppError {
  const message = `This model's ${component} is an ONNX graph, whose weights cannot be changed.`;
  return new AppError('unsupported-lora', message, { kind: 'no-loras-here', component } satisfies Fault);
}

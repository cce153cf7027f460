import { type Lora, readLora } from '../checkpoint/lora.ts';
import { withQuantized } from '../checkpoint/quantize.ts';
import type { TextualInversion } from '../checkpoint/textual-inversion.ts';
import { type Tensors, Weights, widenTensors } from '../checkpoint/weights.ts';
import type { Graph, GraphTarget } from '../graph/graph.ts';
import { clipTextModel } from '../models/clip.ts';
import { autoencoderTinyDecoder, autoencoderTinyEncoder } from '../models/tiny-vae.ts';
import { type UNetShape, unet2DConditionModel } from '../models/unet.ts';
import { autoencoderKLDecoder, autoencoderKLEncoder, type PictureShape } from '../models/vae.ts';
import type { PromptChunk } from '../prompt/chunks.ts';
import type { LoraTag } from '../prompt/lora-tags.ts';
import type { MemoryPlan } from '../protocol/device.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import type { ComponentName, QuantizedBits } from '../protocol/generation.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Session } from '../runtime/session.ts';
import { mergeLoras } from './merge-loras.ts';
import { type ModelParts, readModelParts, type TextEncoderParts } from './model-parts.ts';
import type { ModelSource, TinyVae, WeightedComponent } from './model-source.ts';
import { textEncoderFeeds } from './text-encoder-feeds.ts';
import { type Decoder, type VaeFacts, vaeFacts } from './vae-facts.ts';

type Stage = WeightedComponent | 'preview';

/** Chunks of text whose states are kept: those of a few prompts. */
const KEPT_CHUNKS = 32;

/** What a text encoder says of one chunk: states [T, D], and CLIPTextModelWithProjection's vector [P] for all of it. */
export interface EncodedChunk {
  readonly states: Float32Array;
  readonly pooled?: Float32Array;
}

/** A LoRA file as a prompt calls it. */
export interface LoraFile extends LoraTag {
  readonly file: Blob;
}

/** A LoRA that was read for this model. */
interface OpenLora extends LoraTag {
  readonly lora: Lora;
}

/** Hears of each component before it is opened, and of how much of its weights the device has then (0 … 1). */
export type OnLoad = (component: ComponentName, part: number | null) => void;

/** What LoRAs change. */
const CHANGED = ['unet', 'text_encoder', 'text_encoder_2'] as const;

/**
 * The parts of one model, opened as requests need them and kept while the next one can use them.
 * A session is built for one shape; another shape replaces it.
 */
export class Components {
  readonly parts: ModelParts;
  readonly vae: VaeFacts;
  /** For a look at every step, where one was given. */
  readonly tinyVae: Decoder | null;
  readonly #source: ModelSource;
  readonly #runtime: Runtime;
  readonly #onLoad: OnLoad;
  readonly #sessions = new Map<Stage, { readonly shape: string; readonly session: Session }>();
  readonly #chunks = new Map<string, EncodedChunk>();
  /** Whether what was opened before stays, or makes room for what is opened next. */
  residency: MemoryPlan['residency'] = 'all';
  #bits: QuantizedBits | null = null;
  #loras: readonly OpenLora[] = [];
  /** With the LoRAs in them. */
  readonly #merged = new Map<WeightedComponent, Tensors>();

  private constructor(
    parts: ModelParts,
    source: ModelSource,
    preview: TinyVae | null,
    runtime: Runtime,
    onLoad: OnLoad,
  ) {
    this.parts = parts;
    this.#source = source;
    this.#runtime = runtime;
    this.#onLoad = onLoad;
    this.vae = vaeFacts(parts.vae.config);
    this.tinyVae = preview && {
      ...vaeFacts(preview.config),
      decoder: (shape) =>
        this.#session('preview', JSON.stringify(shape), async () => {
          const weights = Weights.of('vae', await widenTensors(preview.tensors));
          return this.#built('vae', autoencoderTinyDecoder(preview.config, weights, runtime.target, shape));
        }),
    };
  }

  /**
   * Reads the configurations and the vocabularies; weights wait until they are asked for.
   * @throws AppError unsupported-model, download-failed, corrupt-file
   */
  static async open(
    source: ModelSource,
    runtime: Runtime,
    onLoad: OnLoad,
    preview: TinyVae | null = null,
  ): Promise<Components> {
    return new Components(await readModelParts(source.files, onLoad), source, preview, runtime, onLoad);
  }

  /**
   * One chunk through one text encoder. `clipSkip` leaves out that many layers at the end, counted from where
   * the family takes its states: Stable Diffusion after the last one and its norm, SDXL before the last one.
   * @throws AppError invalid-request when the encoder has no such layer; unsupported-embedding when a learned vector is
   * for an encoder of another width
   */
  async encodeText(
    { name, config }: TextEncoderParts,
    { ids, injections }: Pick<PromptChunk<TextualInversion>, 'ids' | 'injections'>,
    clipSkip: number,
  ): Promise<EncodedChunk> {
    const injected = injections.length > 0;
    const key = `${name} ${clipSkip} ${ids.join()}`;
    const known = injected ? undefined : this.#chunks.get(key);
    if (known) {
      // The last one used is the last one to go.
      this.#chunks.delete(key);
      this.#chunks.set(key, known);
      return known;
    }
    const isXl = this.parts.unet.addition_embed_type === 'text_time';
    const skip = clipSkip + (isXl ? 1 : 0);
    if (skip >= config.num_hidden_layers) throw tooManySkipped(config.num_hidden_layers, clipSkip);
    const outputs = { skip, normed: !isXl, pooled: name === 'text_encoder_2', injected };
    const shape = { batch: 1, sequenceLength: ids.length };
    const ready = this.#source.graphs(name);
    const encoder = await this.#session(name, JSON.stringify([shape, outputs]), async () =>
      ready
        ? ready.textEncoder(this.#runtime, name, config, shape, outputs)
        : this.#built(name, clipTextModel(config, await this.#weights(name), this.target, shape, outputs)),
    );
    const result = await encoder.run(textEncoderFeeds(config, { ids, injections }));
    const states = result.encoder_hidden_states as Float32Array;
    const chunk = result.text_embeds ? { states, pooled: result.text_embeds } : { states };
    if (injected) return chunk;
    this.#chunks.set(key, chunk);
    if (this.#chunks.size > KEPT_CHUNKS) this.#chunks.delete(this.#chunks.keys().next().value as string);
    return chunk;
  }

  /** @throws AppError out-of-memory when it does not fit; the one it would replace is gone by then */
  unet(shape: UNetShape): Promise<Session> {
    const { unet } = this.parts;
    const ready = this.#source.graphs('unet');
    return this.#session('unet', JSON.stringify(shape), async () =>
      ready
        ? ready.unet(this.#runtime, unet, shape)
        : this.#built('unet', unet2DConditionModel(unet, await this.#weights('unet'), this.target, shape)),
    );
  }

  /** @param shape in pixels */
  vaeEncoder(shape: PictureShape): Promise<Session> {
    const { vae } = this.parts;
    const ready = this.#source.graphs('vae');
    return this.#session('vae', JSON.stringify(['encoder', shape]), async () => {
      if (ready) return ready.vaeEncoder(this.#runtime, vae.config, shape);
      const weights = await this.#weights('vae');
      const model =
        vae.className === 'AutoencoderTiny'
          ? autoencoderTinyEncoder(vae.config, weights, this.target, shape)
          : autoencoderKLEncoder(vae.config, weights, this.#vaeTarget(), shape);
      return this.#built('vae', model);
    });
  }

  /** @param shape in latent pixels */
  vaeDecoder(shape: PictureShape): Promise<Session> {
    const { vae } = this.parts;
    const ready = this.#source.graphs('vae');
    return this.#session('vae', JSON.stringify(['decoder', shape]), async () => {
      if (ready) return ready.vaeDecoder(this.#runtime, vae.config, shape);
      const weights = await this.#weights('vae');
      const model =
        vae.className === 'AutoencoderTiny'
          ? autoencoderTinyDecoder(vae.config, weights, this.target, shape)
          : autoencoderKLDecoder(vae.config, weights, this.#vaeTarget(), shape);
      return this.#built('vae', model);
    });
  }

  /** What everything is computed in, but for a VAE that must not be. */
  get target(): GraphTarget {
    return this.#runtime.target;
  }

  get vaeUpcast(): boolean {
    return this.#vaeTarget().dtype !== this.#runtime.target.dtype;
  }

  /** The only pipeline of diffusers' that reads force_upcast is SDXL's; every other VAE has it by default. */
  #vaeTarget(): GraphTarget {
    const { vae, unet } = this.parts;
    const isUpcast = 'force_upcast' in vae.config && vae.config.force_upcast;
    const { target } = this.#runtime;
    return isUpcast && unet.addition_embed_type === 'text_time' ? { ...target, dtype: 'float32' } : target;
  }

  /**
   * From now on with these LoRAs; what they replace is freed.
   * @throws AppError unsupported-lora, corrupt-file: then nothing has changed
   */
  async setLoras(files: readonly LoraFile[]): Promise<void> {
    const key = (loras: readonly LoraTag[]) =>
      JSON.stringify(loras.map((lora) => [lora.name, lora.textEncoderWeight, lora.unetWeight]));
    if (key(files) === key(this.#loras)) return;
    const encoders = this.parts.textEncoders.map(({ name }) => name);
    const changed = CHANGED.filter((component) => component === 'unet' || encoders.includes(component));
    const ready = changed.find((component) => this.#source.graphs(component));
    if (ready && files.length > 0) throw closedToLoras(ready);
    const tensors: Record<string, Tensors> = {};
    for (const component of files.length > 0 ? changed : [])
      tensors[component] = await this.#source.tensors(component);
    const opened: OpenLora[] = [];
    for (const { file, ...tag } of files)
      opened.push({ ...tag, lora: await readLora(tag.name, file, tensors) });
    for (const component of changed) await this.#release(component);
    this.#loras = opened;
    this.#merged.clear();
    this.#chunks.clear();
  }

  /** From now on with this copy of the weights; what it replaces is freed. @throws AppError not-installed */
  async setBits(bits: QuantizedBits | null): Promise<void> {
    if (bits === this.#bits) return;
    if (bits !== null && this.#source.graphs('unet')) throw withoutCopy('unet', bits);
    this.#bits = bits;
    for (const component of CHANGED) await this.#release(component);
    this.#merged.clear();
    this.#chunks.clear();
  }

  /** What is read in place of a component's own weights. @throws AppError not-installed */
  async #quantized(stage: WeightedComponent): Promise<Tensors | undefined> {
    if (this.#bits === null || stage === 'vae') return undefined;
    const copy = await this.#source.quantized(stage, this.#bits);
    if (copy) return copy;
    throw withoutCopy(stage, this.#bits);
  }

  /** How many numbers each component's weights are, those of a quantised copy by the bytes they take. @throws AppError download-failed, corrupt-file */
  async parameters(): Promise<Record<WeightedComponent, number>> {
    const names = [...this.parts.textEncoders.map(({ name }) => name), 'unet', 'vae'] as const;
    const counted = names.map(async (name) => {
      const ready = this.#source.graphs(name);
      if (ready) return [name, await ready.parameters(name)] as const;
      const copy = (await this.#quantized(name)) ?? new Map<string, never>();
      const own = [...(await this.#source.tensors(name))].filter(([tensor]) => !copy.has(tensor));
      const numbers = own.reduce((sum, [, { shape }]) => sum + shape.reduce((a, b) => a * b, 1), 0);
      const bytes = [...copy.values()].reduce((sum, { length }) => sum + length, 0);
      return [name, numbers + bytes / (this.target.dtype === 'float16' ? 2 : 4)] as const;
    });
    return Object.fromEntries(await Promise.all(counted)) as Record<WeightedComponent, number>;
  }

  /** Frees every session. */
  async release(): Promise<void> {
    for (const stage of [...this.#sessions.keys()]) await this.#release(stage);
  }

  async #weights(stage: WeightedComponent): Promise<Weights> {
    const merged = this.#merged.get(stage);
    if (merged) return Weights.of(stage, merged);
    const stored = await this.#source.tensors(stage);
    const copy = await this.#quantized(stage);
    if (this.#loras.length === 0 || stage === 'vae')
      return Weights.of(stage, await widenTensors(copy ? withQuantized(stored, copy) : stored));
    const tensors = await widenTensors(stored);
    const loras = this.#loras.map(({ lora, unetWeight, textEncoderWeight }) => {
      return { lora, weight: stage === 'unet' ? unetWeight : textEncoderWeight };
    });
    const changed = await mergeLoras(this.#runtime, stage, tensors, loras);
    // What a LoRA has changed is read in full, the rest from the copy.
    const isChanged = (name: string) => changed.get(name) !== tensors.get(name);
    const rest = [...(copy ?? [])].filter(([name]) => !isChanged(name));
    this.#merged.set(stage, withQuantized(changed, new Map(rest)));
    return Weights.of(stage, this.#merged.get(stage) as Tensors);
  }

  async #session(stage: Stage, shape: string, begin: () => Promise<Session>): Promise<Session> {
    const open = this.#sessions.get(stage);
    if (open?.shape === shape) return open.session;
    await this.#release(stage);
    if (this.residency === 'one-by-one' && stage !== 'preview')
      for (const other of [...this.#sessions.keys()]) if (other !== 'preview') await this.#release(other);
    this.#onLoad(stage === 'preview' ? 'vae' : stage, null);
    const session = await begin();
    this.#sessions.set(stage, { shape, session });
    return session;
  }

  #built(component: WeightedComponent, graph: Graph): Promise<Session> {
    return this.#runtime.open(graph, (part) => this.#onLoad(component, part));
  }

  async #release(stage: Stage): Promise<void> {
    const open = this.#sessions.get(stage);
    this.#sessions.delete(stage);
    await open?.session.release();
  }
}

function withoutCopy(component: string, bits: QuantizedBits): AppError {
  const details = { kind: 'no-copy', component, bits } satisfies Fault;
  return new AppError('not-installed', `There is no copy of the ${component} in ${bits} bits.`, details);
}

function closedToLoras(component: string): AppError {
  const message = `this model’s ${component} is a ready-made graph, whose weights cannot be changed.`;
  return new AppError('unsupported-lora', message, { kind: 'no-loras-here', component } satisfies Fault);
}

function tooManySkipped(layers: number, clipSkip: number): AppError {
  const details = { kind: 'too-many-skipped', field: 'clipSkip', layers, found: clipSkip } satisfies Fault;
  const message = `clipSkip: expected fewer than the text encoder's ${layers} layers, received ${clipSkip}.`;
  return new AppError('invalid-request', message, details);
}

import { type Tensors, Weights } from '../../checkpoint/weights.ts';
import { clipPatches } from '../../image/clip-patches.ts';
import { clipVisionModel, patchShape, pictureTokens } from '../../models/clip-vision.ts';
import { imageProjectionModel, projectedTokens } from '../../models/image-projection.ts';
import { concatenate } from '../../numerics/concatenate.ts';
import type { PictureOfPrompt, PicturePromptRequest, PromptPictures } from '../family.ts';
import type { ModelResources } from '../load-vae.ts';
import type { ImageEncoder } from './ip-adapter-file.ts';

const ENCODER = 'image_encoder';
const PROJECTION = 'image_projection';
/** The tokens of so many pictures stay, each by one adapter. */
const CACHED_PICTURES = 64;

/** What an encoder says of a picture. */
type Encoded = Readonly<Record<'image_embeds' | 'hidden_states', Float32Array>>;

/** A picture of a prompt, or what stands for it in the negative half of guidance. */
type Seen = PictureOfPrompt | null;
const keyOf = (seen: Seen) => seen?.hash ?? 'none';

/** How many tokens an adapter makes of one picture. */
export const tokensOf = ({ file: { projection }, encoder }: PicturePromptRequest): number =>
  projectedTokens(projection, pictureTokens(encoder.config));

/**
 * Makes prompts' pictures into tokens: by an image encoder, and then by the adapter's own projection. Both are closed afterwards, and what
 * they gave is kept for the next run.
 */
export class PictureEncoder {
  readonly #resources: Pick<ModelResources, 'runtime' | 'sessions'>;
  /** By adapter and picture, the last used last. */
  readonly #tokens = new Map<string, Float32Array>();

  constructor(resources: Pick<ModelResources, 'runtime' | 'sessions'>) {
    this.#resources = resources;
  }

  /** Whether all pictures of a prompt, and what is instead of them in the negative half, have been encoded before. */
  has(prompt: PicturePromptRequest): boolean {
    return [null, ...prompt.pictures].every((seen) => this.#tokens.has(tokenKey(prompt, seen)));
  }

  /**
   * The pictures as inputs of the denoiser, by their names (`ipAdapterInputs`).
   * @param beforeEach awaited before each picture that is encoded
   * @throws AppError unsupported-model when an encoder or an adapter lacks a tensor; out-of-memory, device-lost
   */
  async encode(
    prompts: readonly PicturePromptRequest[],
    beforeEach: () => Promise<void>,
  ): Promise<PromptPictures> {
    const made = await this.#missing(prompts, beforeEach);
    const inputs = (of: (prompt: PicturePromptRequest) => readonly Seen[]) =>
      Object.fromEntries(
        prompts.map((prompt, i) => [
          `ip_hidden_states_${i}`,
          concatenate(of(prompt).map((seen) => made.get(tokenKey(prompt, seen)) as Float32Array)),
        ]),
      );
    return {
      prompt: inputs(({ pictures }) => pictures),
      negative: inputs(({ pictures }) => pictures.map(() => null)),
    };
  }

  /** The tokens of every picture, and of none. */
  async #missing(
    prompts: readonly PicturePromptRequest[],
    beforeEach: () => Promise<void>,
  ): Promise<ReadonlyMap<string, Float32Array>> {
    const made = new Map<string, Float32Array>();
    const wanted = prompts.flatMap((prompt) => [null, ...prompt.pictures].map((seen) => ({ prompt, seen })));
    for (const { prompt, seen } of wanted) {
      const key = tokenKey(prompt, seen);
      const known = this.#tokens.get(key);
      if (known) made.set(key, known);
    }
    const missing = wanted.filter(({ prompt, seen }) => !made.has(tokenKey(prompt, seen)));
    const encoded = await this.#encodeAll(missing, beforeEach);
    for (const { prompt, seen } of missing) {
      const key = tokenKey(prompt, seen);
      // Another adapter may have seen none: a plain one is given zeros all the same.
      const isNothing = seen === null && prompt.file.projection.kind === 'plain';
      const given = isNothing ? undefined : encoded.get(encodedKey(prompt, seen));
      if (!made.has(key)) made.set(key, await this.#project(prompt, given));
    }
    await this.#resources.sessions.release([PROJECTION]);
    for (const [key, tokens] of made) this.#keep(key, tokens);
    return made;
  }

  /** What the encoders say of these pictures, each once; one encoder after the other. */
  async #encodeAll(
    missing: readonly { readonly prompt: PicturePromptRequest; readonly seen: Seen }[],
    beforeEach: () => Promise<void>,
  ): Promise<ReadonlyMap<string, Encoded>> {
    const { sessions } = this.#resources;
    const encoded = new Map<string, Encoded>();
    const inOrder = missing.toSorted((a, b) => (a.prompt.encoder.hash < b.prompt.encoder.hash ? -1 : 1));
    for (const { prompt, seen } of inOrder) {
      const key = encodedKey(prompt, seen);
      // A plain adapter has nothing for a picture that is none.
      if (encoded.has(key) || (seen === null && prompt.file.projection.kind === 'plain')) continue;
      await beforeEach();
      encoded.set(key, await this.#see(prompt.encoder, seen));
    }
    await sessions.release([ENCODER]);
    return encoded;
  }

  /** Of no picture the encoder sees numbers that are all zero, which would be the mean of all pictures. */
  async #see({ hash, config, tensors }: ImageEncoder, seen: Seen): Promise<Encoded> {
    const { sessions, runtime } = this.#resources;
    const [count, numbers] = patchShape(config);
    const session = await sessions.open(ENCODER, { hash }, () =>
      sessions.create(ENCODER, clipVisionModel(config, Weights.of(ENCODER, tensors), runtime.target)),
    );
    const patches = seen
      ? clipPatches(seen.picture, config.image_size, config.patch_size)
      : new Float32Array(count * numbers);
    return (await session.run({ patches })) as Encoded;
  }

  async #project(
    { file: { hash, tensors, projection }, encoder }: PicturePromptRequest,
    encoded: Encoded | undefined,
  ): Promise<Float32Array> {
    const { sessions, runtime } = this.#resources;
    const isPlain = projection.kind === 'plain';
    const inputs = isPlain ? 1 : pictureTokens(encoder.config);
    const session = await sessions.open(PROJECTION, { hash, inputs }, () => {
      const weights = Weights.of('ip_adapter', partOf(tensors, 'image_proj.'));
      return sessions.create(PROJECTION, imageProjectionModel(projection, weights, runtime.target, inputs));
    });
    const none = new Float32Array(inputs * projection.inputWidth);
    const image_embeds = encoded?.[isPlain ? 'image_embeds' : 'hidden_states'] ?? none;
    return (await session.run({ image_embeds })).ip_hidden_states as Float32Array;
  }

  #keep(key: string, tokens: Float32Array): void {
    this.#tokens.delete(key);
    this.#tokens.set(key, tokens);
    if (this.#tokens.size > CACHED_PICTURES) this.#tokens.delete(this.#tokens.keys().next().value as string);
  }
}

const tokenKey = ({ file, encoder }: PicturePromptRequest, seen: Seen) =>
  `${file.hash} ${encoder.hash} ${keyOf(seen)}`;
const encodedKey = ({ encoder }: PicturePromptRequest, seen: Seen) => `${encoder.hash} ${keyOf(seen)}`;

/** The tensors below a name, by what follows it. */
const partOf = (tensors: Tensors, prefix: string): Tensors =>
  new Map(
    [...tensors].flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor] as const] : [],
    ),
  );

/** A tensor where it was computed: its numbers, or the buffer of a GPU. */
export type KeptTensor = Float32Array | { destroy(): void };

/** What runs have kept on their device for later runs, of the same graph or of another one, by name. */
export class KeptTensors {
  readonly #tensors = new Map<string, KeptTensor>();

  get(name: string): KeptTensor | undefined {
    return this.#tensors.get(name);
  }

  set(name: string, tensor: KeptTensor): void {
    this.#tensors.set(name, tensor);
  }

  /** Frees all of them. */
  release(): void {
    for (const tensor of this.#tensors.values()) if ('destroy' in tensor) tensor.destroy();
    this.#tensors.clear();
  }
}

/** Where a run finds what others kept, and keeps its own: each name has this before it. */
export interface Kept {
  readonly tensors: KeptTensors;
  readonly prefix: string;
}

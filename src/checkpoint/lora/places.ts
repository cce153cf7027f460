/** The place in a model that a LoRA's module changes. */
export interface LoraPlace {
  readonly component: string;
  /** The module within it, as the file spells it. */
  readonly path: string;
  /** The name of the tensor that is changed, and its shape. */
  readonly weight: string;
  readonly shape: readonly number[];
}

/** The same module's bias; undefined where the model's module has none. */
export type BiasOf = (place: LoraPlace) => LoraPlace | undefined;

/** Where a file's modules belong in a model; the loader of its family knows. */
export interface LoraPlaces {
  /** Those that LoRAs may change. */
  readonly components: readonly string[];
  /**
   * The places that a module may mean, the likeliest first: a name that doesn't say its component is looked for in all of
   * them, and the first convolution of an inpainting model may be meant without the channels of the mask and the picture.
   */
  of(module: string): readonly LoraPlace[];
  bias: BiasOf;
}

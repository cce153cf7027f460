import type * as v from 'valibot';
import type { Weights } from '../checkpoint/weights.ts';
import { clipTextModel } from '../models/clip.ts';
import {
  AutoencoderKLConfig,
  AutoencoderTinyConfig,
  CLIPTextConfig,
  UNet2DConditionConfig,
} from '../models/config.ts';
import { autoencoderTinyDecoder, autoencoderTinyEncoder } from '../models/tiny-vae.ts';
import { unet2DConditionModel } from '../models/unet.ts';
import { autoencoderKLDecoder, autoencoderKLEncoder } from '../models/vae.ts';
import type { SwappableComponent } from '../protocol/models.ts';
import { parseConfig } from '../protocol/parse-config.ts';
import { classOfConfig } from './repository-layout.ts';

/** A class of diffusers or transformers that graphs are built for. */
interface ComponentClass {
  /** The component of a pipeline that is of this class. */
  readonly component: SwappableComponent | 'text_encoder_2';
  /**
   * Reads a config.json.
   * @returns builds every graph of the class, which asks the weights for every tensor by name, shape and type
   * @throws AppError unsupported-model, naming the key; what is returned: naming the tensor
   */
  read(name: string, json: unknown): (weights: Weights) => void;
}

/** Small, and in the dtype that is cast to most; what a graph asks of its file depends on neither. */
const TARGET = { provider: 'webgpu', dtype: 'float16' } as const;
const LATENTS = { height: 16, width: 16 };
const IMAGE = { height: 128, width: 128 };

const readBy =
  <const Schema extends v.GenericSchema>(
    schema: Schema,
    build: (config: v.InferOutput<Schema>, weights: Weights) => void,
  ): ComponentClass['read'] =>
  (name, json) => {
    const config = parseConfig(name, schema, json);
    return (weights) => build(config, weights);
  };

const clipText = (pooled: boolean) =>
  readBy(CLIPTextConfig, (config, weights) => {
    const outputs = { skip: pooled ? 1 : 0, normed: true, pooled, injected: false };
    clipTextModel(config, weights, TARGET, { batch: 1, sequenceLength: 77 }, outputs);
  });

/** The classes of Stable Diffusion's components. */
const COMPONENT_CLASSES = {
  CLIPTextModel: { component: 'text_encoder', read: clipText(false) },
  CLIPTextModelWithProjection: { component: 'text_encoder_2', read: clipText(true) },
  UNet2DConditionModel: {
    component: 'unet',
    read: readBy(UNet2DConditionConfig, (config, weights) => {
      unet2DConditionModel(config, weights, TARGET, { ...LATENTS, sequenceLength: 77, batch: 2 });
    }),
  },
  AutoencoderKL: {
    component: 'vae',
    read: readBy(AutoencoderKLConfig, (config, weights) => {
      autoencoderKLDecoder(config, weights, TARGET, LATENTS);
      autoencoderKLEncoder(config, weights, TARGET, IMAGE);
    }),
  },
  AutoencoderTiny: {
    component: 'vae',
    read: readBy(AutoencoderTinyConfig, (config, weights) => {
      autoencoderTinyDecoder(config, weights, TARGET, LATENTS);
      autoencoderTinyEncoder(config, weights, TARGET, IMAGE);
    }),
  },
} as const satisfies Readonly<Record<string, ComponentClass>>;

type ClassName = keyof typeof COMPONENT_CLASSES;

/** The class of this name; undefined where no graph is built for it. */
export const componentClass = (className: string | undefined): ComponentClass | undefined =>
  className !== undefined && Object.hasOwn(COMPONENT_CLASSES, className)
    ? COMPONENT_CLASSES[className as ClassName]
    : undefined;

/** The names of the classes that a component may be of. */
export const classesOf = (component: ComponentClass['component']): ClassName[] =>
  (Object.keys(COMPONENT_CLASSES) as ClassName[]).filter(
    (className) => COMPONENT_CLASSES[className].component === component,
  );

/**
 * Which component a repository is, and its class, from the config.json at its root.
 * @returns null when it is not a component that can be swapped
 */
export function componentOf(config: unknown): { component: SwappableComponent; className: string } | null {
  const className = classOfConfig(config);
  const component = componentClass(className)?.component;
  if (className === undefined || component === undefined || component === 'text_encoder_2') return null;
  return { component, className };
}

import { tilePositions } from '../../src/image/tiles.ts';
import { VAE_TILES } from '../../src/loaders/autoencoder.ts';
import {
  type Component,
  TEXT_ENCODERS,
  textEncoder,
  UNETS,
  unet,
  VAE,
  vaeDecoder,
} from '../../src/measure/components.ts';
import type { ModelName, Options } from './rows.ts';

/** Pixels of the picture for each of the latents. */
const VAE_SCALE = 8;

/** A graph to be measured. */
export interface Case {
  readonly title: string;
  readonly component: Component;
  /** Of its weights, in OPFS; PyTorch's file has the same name. */
  readonly file: string;
  /** Whether PyTorch has a result for this size (torch_side.py). */
  readonly hasGolden: boolean;
}

/** How a picture is painted: so many evaluations, of both texts or of one. */
export interface Setting {
  readonly name: string;
  readonly steps: number;
  readonly texts: 1 | 2;
  /** DeepCache: every so many evaluations one is whole; 1 for all. */
  readonly cacheInterval: number;
}

/** What paints a picture. */
export interface Painting {
  readonly title: string;
  readonly setting: Setting;
  readonly encoders: readonly Case[];
  readonly unet: Case;
  /** Of DeepCache, the evaluations that are not whole. */
  readonly shallow: Case | null;
  readonly vae: Case;
  /** How often the VAE decodes: the picture whole, or each of its tiles. */
  readonly decodings: number;
  /** SDXL's VAE leaves the range of float16. */
  readonly isVaeFull: boolean;
}

/** Fast 4 is what a LoRA of few steps leaves to be computed: it is merged into the weights, and guidance is off. */
const FULL: Setting = { name: 'full', steps: 20, texts: 2, cacheInterval: 1 };
const SETTINGS: Readonly<Record<'sd15' | 'sdxl', readonly Setting[]>> = {
  sd15: [FULL],
  sdxl: [
    { ...FULL, steps: 30 },
    { ...FULL, name: 'Fast 4', steps: 4, texts: 1 },
    { ...FULL, name: 'DeepCache 3', steps: 30, cacheInterval: 3 },
  ],
};

/** Two levels instead of three or four, narrow ones: a software GPU compiles their kernels in seconds. */
const NARROW = {
  ...{ norm_num_groups: 8, block_out_channels: [32, 64], layers_per_block: 1 },
  down_block_types: ['CrossAttnDownBlock2D', 'DownBlock2D'],
  up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D'],
};
const KEYS = {
  full: {
    sd15: UNETS['stable-diffusion-v1-5'],
    sdxl: UNETS['stable-diffusion-xl-base-1.0'],
    vae: VAE,
    encoders: TEXT_ENCODERS,
  },
  small: {
    sd15: { ...UNETS['stable-diffusion-v1-5'], ...NARROW, attention_head_dim: 4 },
    sdxl: {
      ...UNETS['stable-diffusion-xl-base-1.0'],
      ...{ ...NARROW, attention_head_dim: [2, 4], transformer_layers_per_block: [2, 1] },
    },
    vae: { ...VAE, norm_num_groups: 8, block_out_channels: [32, 32, 64, 64], layers_per_block: 1 },
    encoders: {
      text_encoder: { ...TEXT_ENCODERS.text_encoder, num_hidden_layers: 1 },
      text_encoder_2: { ...TEXT_ENCODERS.text_encoder_2, num_hidden_layers: 1 },
    },
  },
};

/** The sides of pictures, of which PyTorch has the first. */
const SIDES: Readonly<Record<'full' | 'small', Readonly<Record<ModelName, readonly number[]>>>> = {
  full: { sd15: [512, 1024], sdxl: [1024], vae: [512, 1024] },
  small: { sd15: [64], sdxl: [64], vae: [64] },
};
const LABELS = {
  sd15: 'Stable Diffusion 1.5, a guided step',
  sdxl: 'SDXL, a guided step',
  vae: 'VAE, decoding',
};

interface Evaluation {
  readonly texts: 1 | 2;
  readonly part?: 'whole' | 'shallow' | undefined;
}

function caseOf(
  model: ModelName,
  side: number,
  { small }: Options,
  { texts, part }: Evaluation = { texts: 2 },
): Case {
  const size = small ? 'small' : 'full';
  const reuse = part && ({ method: 'deepcache', branch: 0, part } as const);
  const component =
    model === 'vae' ? vaeDecoder(KEYS[size].vae, side) : unet(KEYS[size][model], side, texts, reuse);
  const title = `${LABELS[model]}, ${side} × ${side}`;
  return { title, component, file: `${model}.safetensors`, hasGolden: side === SIDES[size][model][0] };
}

/** All graphs of the models asked for. */
export const casesOf = (options: Options): Case[] =>
  options.models.flatMap((model) =>
    SIDES[options.small ? 'small' : 'full'][model].map((side) => caseOf(model, side, options)),
  );

/** The pictures of the models asked for, each setting of each. */
export function paintingsOf(options: Options): Painting[] {
  const { encoders } = KEYS[options.small ? 'small' : 'full'];
  const text = (name: keyof typeof encoders): Case => ({
    ...{ title: name, file: `${name}.safetensors`, hasGolden: false },
    component: textEncoder(encoders[name], name === 'text_encoder_2'),
  });
  return options.models.flatMap((model): Painting[] => {
    if (model === 'vae') return [];
    const side = SIDES[options.small ? 'small' : 'full'][model][0] as number;
    const names =
      model === 'sd15' ? (['text_encoder'] as const) : (['text_encoder', 'text_encoder_2'] as const);
    const isXl = model === 'sdxl';
    const { tile, overlap } = VAE_TILES;
    const decoded = isXl && !options.small ? tile * VAE_SCALE : side;
    return SETTINGS[model].map((setting) => {
      const { texts, cacheInterval } = setting;
      const isCached = cacheInterval > 1;
      return {
        title: `${isXl ? 'SDXL' : 'Stable Diffusion 1.5'}, ${side} × ${side}`,
        setting: options.small ? { ...setting, steps: 4 } : setting,
        encoders: names.map(text),
        unet: caseOf(model, side, options, { texts, part: isCached ? 'whole' : undefined }),
        shallow: isCached ? caseOf(model, side, options, { texts, part: 'shallow' }) : null,
        vae: caseOf('vae', decoded, options),
        decodings: tilePositions(side / VAE_SCALE, decoded / VAE_SCALE, overlap).length ** 2,
        isVaeFull: isXl,
      };
    });
  });
}

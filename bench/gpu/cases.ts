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

/** A graph to be measured. */
export interface Case {
  readonly title: string;
  readonly component: Component;
  /** Of its weights, in OPFS; PyTorch's file has the same name. */
  readonly file: string;
  /** Whether PyTorch has a result for this size (torch_side.py). */
  readonly hasGolden: boolean;
}

/** What paints a picture. */
export interface Painting {
  readonly title: string;
  readonly encoders: readonly Case[];
  readonly unet: Case;
  readonly vae: Case;
}

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

function caseOf(model: ModelName, side: number, { small }: Options): Case {
  const size = small ? 'small' : 'full';
  const component = model === 'vae' ? vaeDecoder(KEYS[size].vae, side) : unet(KEYS[size][model], side);
  const title = `${LABELS[model]}, ${side} × ${side}`;
  return { title, component, file: `${model}.safetensors`, hasGolden: side === SIDES[size][model][0] };
}

/** All graphs of the models asked for. */
export const casesOf = (options: Options): Case[] =>
  options.models.flatMap((model) =>
    SIDES[options.small ? 'small' : 'full'][model].map((side) => caseOf(model, side, options)),
  );

/** The first pictures of the models asked for. */
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
    return [
      {
        title: `${model === 'sd15' ? 'Stable Diffusion 1.5' : 'SDXL'}, ${side} × ${side}`,
        encoders: names.map(text),
        unet: caseOf(model, side, options),
        vae: caseOf('vae', side, options),
      },
    ];
  });
}

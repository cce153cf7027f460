import type { PictureShape } from '../models/vae.ts';
import type { Session } from '../runtime/session.ts';
import type { ModelParts } from './model-parts.ts';

/** What the VAE's configuration says to the pipeline. */
export interface VaeFacts {
  /** Pixels per latent pixel, each way. */
  readonly scale: number;
  readonly scalingFactor: number;
  readonly shiftFactor: number;
}

/** A VAE's decoder, opened for a shape in latent pixels. */
export interface Decoder extends VaeFacts {
  readonly decoder: (shape: PictureShape) => Promise<Session>;
}

/** What its configuration says. */
export function vaeFacts(config: ModelParts['vae']['config']): VaeFacts {
  const levels =
    'block_out_channels' in config ? config.block_out_channels : config.decoder_block_out_channels;
  return {
    scale: 2 ** (levels.length - 1),
    scalingFactor: config.scaling_factor,
    shiftFactor: config.shift_factor ?? 0,
  };
}

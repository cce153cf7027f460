import { Weights } from '../checkpoint/weights.ts';
import { FLOAT_BYTES, type GraphTarget } from '../graph/graph.ts';
import { autoencoderTinyDecoder, autoencoderTinyEncoder } from '../models/tiny-vae.ts';
import { autoencoderKLDecoder, autoencoderKLEncoder } from '../models/vae.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { decoderOf, encoderOf, type LatentSpec, vaeTiles } from './autoencoder.ts';
import type { Vae, VaeDecoder } from './family.ts';
import { vaeLargestMap } from './memory-estimate.ts';
import { isSdxl, latentStatistics, type ModelConfigs, type VaeConfig } from './model-configs.ts';
import type { ModelSource, TinyVae } from './model-source.ts';
import type { SessionCache } from './session-cache.ts';
import type { WeightSource } from './weight-source.ts';

/** What a model's sessions are made from. */
export interface ModelResources {
  readonly source: ModelSource;
  readonly runtime: Runtime;
  readonly weights: WeightSource;
  readonly sessions: SessionCache;
}

/** A model's VAE: AutoencoderKL, AutoencoderTiny, or an ONNX graph. */
export function loadVae(configs: ModelConfigs, { source, runtime, weights, sessions }: ModelResources): Vae {
  const { vae } = configs;
  const graphs = source.graphs('vae');
  const target = vaeTarget(configs, runtime.target);
  const spec = {
    ...latentSpec(vae, target, runtime.largestTensor),
    statistics: latentStatistics(vae, isSdxl(configs.unet)),
  };
  return {
    pixelsPerLatent: spec.pixelsPerLatent,
    encode: encoderOf(spec, (shape) =>
      sessions.openEncoder(['encoder', shape], async () => {
        if (graphs) return graphs.vaeEncoder(runtime, vae.config, shape);
        const tensors = await weights.read('vae');
        const model =
          vae.className === 'AutoencoderTiny'
            ? autoencoderTinyEncoder(vae.config, tensors, target, shape)
            : autoencoderKLEncoder(vae.config, tensors, target, shape);
        return sessions.create('vae', model);
      }),
    ),
    decode: decoderOf(spec, (shape) =>
      sessions.open('vae', ['decoder', shape], async () => {
        if (graphs) return graphs.vaeDecoder(runtime, vae.config, shape);
        const tensors = await weights.read('vae');
        const model =
          vae.className === 'AutoencoderTiny'
            ? autoencoderTinyDecoder(vae.config, tensors, target, shape)
            : autoencoderKLDecoder(vae.config, tensors, target, shape);
        return sessions.create('vae', model);
      }),
    ),
  };
}

/** An AutoencoderTiny that shows previews beside the model's own VAE. */
export function loadPreviewVae(
  { config, tensors }: TinyVae,
  { runtime, sessions }: Pick<ModelResources, 'runtime' | 'sessions'>,
): VaeDecoder {
  const spec = latentSpec({ className: 'AutoencoderTiny', config }, runtime.target, runtime.largestTensor);
  return {
    pixelsPerLatent: spec.pixelsPerLatent,
    decode: decoderOf(spec, (shape) =>
      sessions.openPreview(shape, async () => {
        const weights = Weights.of('vae', tensors);
        return sessions.create('vae', autoencoderTinyDecoder(config, weights, runtime.target, shape));
      }),
    ),
  };
}

/**
 * What a VAE is computed in. SDXL's AutoencoderKL leaves the range of float16 and so has `force_upcast`; other models' VAEs
 * have it by default, and diffusers reads it in SDXL's pipeline only.
 */
export function vaeTarget(
  { vae, unet }: Pick<ModelConfigs, 'vae' | 'unet'>,
  target: GraphTarget,
): GraphTarget {
  const isUpcast = vae.className === 'AutoencoderKL' && vae.config.force_upcast && isSdxl(unet);
  return isUpcast ? { ...target, dtype: 'float32' } : target;
}

/** The widths of a VAE decoder's levels, the one of the picture's full size first. */
export const decoderChannels = ({ className, config }: VaeConfig): readonly number[] =>
  className === 'AutoencoderKL' ? config.block_out_channels : config.decoder_block_out_channels;

/** How many pixels a side of a latent pixel is. */
export const pixelsPerLatent = (vae: VaeConfig): number => 2 ** (decoderChannels(vae).length - 1);

/** How its latents relate to the denoiser's, and to pixels. @param largestTensor bytes that the device binds */
export function latentSpec(vae: VaeConfig, { dtype }: GraphTarget, largestTensor: number): LatentSpec {
  const pixels = pixelsPerLatent(vae);
  const [channels] = decoderChannels(vae) as [number];
  const largestMap = (tile: number) =>
    FLOAT_BYTES[dtype] * vaeLargestMap(channels, { width: tile * pixels, height: tile * pixels });
  const tiles = vaeTiles(largestMap, largestTensor);
  return { pixelsPerLatent: pixels, scalingFactor: vae.config.scaling_factor, tiles };
}

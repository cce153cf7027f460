import { FLOAT_BYTES } from '../graph/graph.ts';
import type { UNet2DConditionConfig } from '../models/config.ts';
import { levelOf, transformerLayers, transformerPlaces } from '../models/transformer-places.ts';
import type { RepoFile } from '../protocol/models.ts';
import type { Size } from '../protocol/placement.ts';
import { INDEX_FILE } from './repository-layout.ts';

/**
 * How much memory a model takes of its device: from the shapes of its tensors once it is loaded, from the sizes of its
 * files before. Both are estimates, off by up to a third. `planMemory` decides what to do about it.
 */

/** What a run takes at one size of the picture, in bytes. */
export interface MemoryNeeds {
  /** The weights of each component. */
  readonly weights: Readonly<Record<string, number>>;
  /** The denoiser's activations for one text. */
  readonly denoiser: number;
  /** The results of all its attentions among the pixels for one text: what T-GATE keeps of them. */
  readonly attentions: number;
  readonly vae: VaeNeeds;
}

/** What decoding takes, in bytes. */
export interface VaeNeeds {
  readonly weights: number;
  /** The decoder's activations, for the whole picture and for a tile of it. */
  readonly whole: number;
  readonly tile: number;
  /** The largest feature map of the whole picture. */
  readonly largestMap: number;
}

/** With onnxruntime, convolution weights exist twice while a component is being loaded: as stored, and packed for its kernels. */
export const LOADING_FACTOR = 1.5;
/**
 * Feature maps of a UNet's first level, and largest maps of a VAE's decoder, that exist at once. Our own kernels share buffers
 * (gpu/memory.ts): counted from their programs for Stable Diffusion 1.5 and SDXL, `npx vitest run src/loaders/memory-programs`.
 */
const LIVE_MAPS = { own: { unet: 12, vae: 2.25 }, onnxruntime: { unet: 24, vae: 4 } };
const liveMaps = (ownKernels: boolean) => LIVE_MAPS[ownKernels ? 'own' : 'onnxruntime'];

/** The sizes of a UNet that its activations depend on. */
export interface UNetSize {
  /** Channels of the first level. */
  readonly channels: number;
  /** How many levels come before the first one with attention. */
  readonly levelsBeforeAttention: number;
  /** Attention heads of that level. */
  readonly heads: number;
}

/**
 * The numbers a UNet keeps at once for one text: feature maps, and the attention scores of its first attention, which kernels
 * of our own never write down.
 */
export function unetActivations(unet: UNetSize, latents: Size, ownKernels: boolean): number {
  const pixels = latents.width * latents.height;
  const maps = liveMaps(ownKernels).unet * unet.channels * pixels;
  if (ownKernels) return maps;
  // Each level halves both sides: a quarter of the pixels is left for the next one, and a sixteenth of the scores.
  const scores = (unet.heads / 2 ** (4 * unet.levelsBeforeAttention)) * pixels * pixels;
  return scores + maps;
}

/** The numbers that all attentions of a UNet among the pixels give for one text. */
export function attentionResults(config: UNet2DConditionConfig, latents: Size): number {
  return transformerPlaces(config).reduce((sum, place) => {
    const level = levelOf(config, place);
    const width = config.block_out_channels[level] as number;
    return sum + (transformerLayers(config, place) * width * latents.width * latents.height) / 4 ** level;
  }, 0);
}

/**
 * The numbers in the largest feature map of a VAE's decoder: the level before the last brings twice the last one's
 * channels to the full size.
 * @param channels of the last level
 */
export function vaeLargestMap(channels: number, image: Size): number {
  return 2 * channels * image.width * image.height;
}

/** The numbers a VAE's decoder keeps at once for a picture or a tile of this size. @param channels of the last level */
export const vaeActivations = (channels: number, image: Size, ownKernels: boolean): number =>
  liveMaps(ownKernels).vae * vaeLargestMap(channels, image);

const WEIGHT_FILE = /\.(safetensors|gguf|onnx|onnx_data|pb|data)$/;
/** How much of a single-file checkpoint is the UNet; they are usually shared in half precision. */
const UNET_SHARE = 0.8;
const bytesOf = (isHalf: boolean) => FLOAT_BYTES[isHalf ? 'float16' : 'float32'];
/** Numbers that a picture of 512 × 512 takes beside the weights. */
const ACTIVATIONS = 2e8;

/**
 * The memory a model will take with one component loaded at a time, in bytes: its largest component while that is being
 * loaded, and the picture. All it knows are the files' names and sizes.
 * @param half whether the device computes in half precision
 */
export function estimateFromFiles(files: readonly RepoFile[], half: boolean): number {
  const largest = Math.max(0, ...numbersInFiles(files).values());
  return bytesOf(half) * (LOADING_FACTOR * largest + ACTIVATIONS);
}

/** The numbers in the weights of each component, by its folder; a file alone is a checkpoint, whose folder is ''. */
export function numbersInFiles(files: readonly RepoFile[]): ReadonlyMap<string, number> {
  // A repository lists its components in the one, and a component by itself has the other.
  const isSingleFile = !files.some(({ path }) => path === INDEX_FILE || path === 'config.json');
  const numbers = new Map<string, number>();
  for (const { path, size } of files.filter(({ path }) => WEIGHT_FILE.test(path))) {
    const component = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    // ONNX graphs that are made for the Web are in half precision.
    const isHalf = path.includes('.fp16') || !path.endsWith('.safetensors');
    const count = isSingleFile ? (UNET_SHARE * size) / bytesOf(true) : size / bytesOf(isHalf);
    numbers.set(component, (numbers.get(component) ?? 0) + count);
  }
  return numbers;
}

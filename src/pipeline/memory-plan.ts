import { USUAL_MEMORY_BYTES } from '../catalog/models.ts';
import type { GraphTarget } from '../graph/graph.ts';
import type { Components } from '../loaders/components.ts';
import type { WeightedComponent } from '../loaders/model-source.ts';
import { perLevel } from '../models/config.ts';
import type { MemoryChoice, MemoryPlan } from '../protocol/device.ts';
import type { GenerationRequest } from '../protocol/generation.ts';
import { isGuidanceFree } from './guidance.ts';

export interface MemoryFacts {
  readonly target: GraphTarget;
  /** Numbers in each component's weights. */
  readonly parameters: Readonly<Partial<Record<WeightedComponent, number>>>;
  /** Of the UNet: channels of its first level, and heads where it attends to the whole picture first. */
  readonly channels: number;
  readonly heads: number;
  /** Of the VAE: channels of its last level, where the picture has its full size. */
  readonly vaeChannels: number;
  /** The VAE computes in float32 whatever the rest does. */
  readonly vaeUpcast: boolean;
  /** Of the latents. */
  readonly height: number;
  readonly width: number;
  /** Pixels per latent pixel. */
  readonly scale: number;
  /** Whether there are two texts to run. */
  readonly guided: boolean;
}

const GB = 1e9;
/** While a component is loaded its convolutions stand twice, as they lie and prepacked. */
const LOADING = 1.5;
/** Feature maps of a level that are alive at once: skips, a ResNet block's, its successor's. */
const LIVE_MAPS = 24;
const VAE_LIVE_MAPS = 4;

/** Above this a single buffer is past what many GPUs bind. */
const LARGEST_MAP_BYTES = GB;

/**
 * What is loaded when, so that it fits: everything at once where it does, else one component at a time; both texts in one
 * run where they fit, else one after the other; the picture decoded whole, else in tiles. An estimate from shapes,
 * rough by a third.
 * @param bytes what this device is known to hold, or to have failed at; null where nothing is known
 */
export function planMemory(facts: MemoryFacts, choice: MemoryChoice, bytes: number | null): MemoryPlan {
  const budget = bytes ?? USUAL_MEMORY_BYTES[facts.target.provider];
  const size = facts.target.dtype === 'float16' ? 2 : 4;
  const weights = Object.entries(facts.parameters).map(([name, count]) => {
    return [name, count * (name === 'vae' && facts.vaeUpcast ? 4 : size)] as const;
  });
  const all = weights.reduce((sum, [, weight]) => sum + weight, 0);
  const largest = Math.max(0, ...weights.map(([, weight]) => weight));
  const unet = (batch: number) => batch * unetBytes(facts, size);
  const whole = vaeBytes(facts, size);

  const both = facts.guided ? unet(2) : unet(1);
  const resident = all + largest * (LOADING - 1) + Math.max(both, whole);
  const residency = choice === 'auto' ? (resident <= budget ? 'all' : 'one-by-one') : choice;
  const loaded = residency === 'all' ? all + largest * (LOADING - 1) : largest * LOADING;
  const isTogether = !facts.guided || loaded + unet(2) <= budget;
  const isWhole = whole <= budget / 2 && biggestMap(facts, size) <= LARGEST_MAP_BYTES;
  const peak = loaded + Math.max(unet(facts.guided && isTogether ? 2 : 1), isWhole ? whole : 0);
  return {
    dtype: facts.target.dtype,
    residency,
    guidance: isTogether ? 'together' : 'in-turn',
    vae: isWhole ? 'whole' : 'tiled',
    bytes: peak,
    fits: peak <= budget,
  };
}

/** The plan of a request for the model it is made to. */
export async function planRun(
  components: Components,
  request: Pick<GenerationRequest, 'width' | 'height' | 'guidanceScale' | 'memory' | 'memoryBytes'>,
): Promise<MemoryPlan> {
  const { unet, vae } = components.parts;
  const { scale } = components.vae;
  const level = unet.down_block_types.indexOf('CrossAttnDownBlock2D');
  const shrunk = 2 ** Math.max(0, level);
  const levels =
    'block_out_channels' in vae.config
      ? vae.config.block_out_channels
      : vae.config.decoder_block_out_channels;
  return planMemory(
    {
      target: components.target,
      parameters: await components.parameters(),
      channels: unet.block_out_channels[0] as number,
      // Levels before the first that attends halve the picture each way, and with it the square of its pixels.
      heads: perLevel(unet.num_attention_heads ?? unet.attention_head_dim, Math.max(0, level)) / shrunk ** 4,
      vaeChannels: levels[0] as number,
      vaeUpcast: components.vaeUpcast,
      height: request.height / scale,
      width: request.width / scale,
      scale,
      guided: !isGuidanceFree(components, request),
    },
    request.memory,
    request.memoryBytes,
  );
}

/** Of one text: attention's scores of the first level, and its feature maps. */
function unetBytes({ channels, heads, height, width }: MemoryFacts, size: number): number {
  const pixels = height * width;
  return size * (heads * pixels * pixels + LIVE_MAPS * channels * pixels);
}

function biggestMap({ vaeChannels, height, width, scale, vaeUpcast }: MemoryFacts, size: number): number {
  // The level before the last carries twice the channels into the full size.
  return (vaeUpcast ? 4 : size) * 2 * vaeChannels * height * width * scale * scale;
}

const vaeBytes = (facts: MemoryFacts, size: number) => VAE_LIVE_MAPS * biggestMap(facts, size);

import { FLOAT_BYTES, type GraphTarget } from '../graph/graph.ts';
import { KeptTensors } from '../graph/kept-tensors.ts';
import { clipTextModel } from '../models/clip.ts';
import { perLevel, type UNet2DConditionConfig } from '../models/config.ts';
import { type UNetShape, unet2DConditionModel } from '../models/unet.ts';
import type { Size } from '../protocol/placement.ts';
import { clipTextEncoder } from './clip-text-encoder.ts';
import { checkControls, withControls } from './control/check-controls.ts';
import { openControls } from './control/open-controls.ts';
import type { Family, PromptEmbeds } from './family.ts';
import { checkIpAdapters, withIpAdapters } from './ip-adapter/check-ip-adapters.ts';
import { PictureEncoder } from './ip-adapter/encode-pictures.ts';
import { type IpAdapters, ipAdaptersOf } from './ip-adapter/ip-adapter-feeds.ts';
import {
  decoderChannels,
  latentSpec,
  loadPreviewVae,
  loadVae,
  type ModelResources,
  vaeTarget,
} from './load-vae.ts';
import {
  attentionResults,
  type MemoryNeeds,
  type UNetSize,
  unetActivations,
  type VaeNeeds,
  vaeActivations,
  vaeLargestMap,
} from './memory-estimate.ts';
import { isSdxl, type ModelConfigs, type VaeConfig } from './model-configs.ts';
import type { TinyVae } from './model-source.ts';
import type { TextEncoderConfig } from './open-tokenizer.ts';
import { type ChunkEncoder, type EncodedText, TextEncoders } from './text-encoders.ts';
import { openUNetDenoiser, type UNetSessions } from './unet-denoiser.ts';

/**
 * Stable Diffusion 1, 2 and XL: CLIP text encoders, a UNet2DConditionModel and a VAE.
 * @param encoders from `stableDiffusionEncoders`
 */
export function stableDiffusionFamily(
  configs: ModelConfigs,
  resources: ModelResources,
  encoders: TextEncoders,
  previewVae: TinyVae | null,
): Family {
  const { unet, schedulerConfig, unknownScheduler } = configs;
  const { runtime, sessions } = resources;
  const vae = loadVae(configs, resources);
  const { pixelsPerLatent } = vae;
  const latentSize = ({ width, height }: Size) => ({
    ...{ width: width / pixelsPerLatent, height: height / pixelsPerLatent },
  });
  const pictures = new PictureEncoder(resources);
  let kept = new KeptTensors();
  const forgetKept = () => {
    kept.release();
    kept = new KeptTensors();
  };
  return {
    target: runtime.target,
    largestTensor: runtime.largestTensor,
    encodeTexts: async (...asked) =>
      new Map([...(await encoders.encode(...asked))].map(([text, states]) => [text, promptEmbeds(states)])),
    encodePictures: (prompts, beforeEach) => pictures.encode(prompts, beforeEach),
    zerosForEmptyPrompt: configs.zerosForEmptyPrompt,
    hasGuidanceInput: Boolean(unet.time_cond_proj_dim),
    hasMaskInput: unet.in_channels > unet.out_channels,
    needsImage: unet.requires_aesthetics_score,
    openDenoiser: async (request) => {
      forgetKept();
      const latents = latentSize(request);
      const controls = await openControls(unet, request, latents, resources);
      const ipAdapters = ipAdaptersOf(unet, request.picturePrompts);
      const unets = { ...unetSessions(configs, resources, ipAdapters), kept };
      return openUNetDenoiser(unet, latents, request, unets, controls, ipAdapters);
    },
    reusesWork: resources.source.graphs('unet') === undefined,
    forgetKept,
    latentShape: (size) => [1, unet.out_channels, latentSize(size).height, latentSize(size).width],
    vae,
    latentRgb: configs.latentRgb,
    previewVae: previewVae && loadPreviewVae(previewVae, resources),
    schedulerConfig,
    ...(unknownScheduler !== undefined && { unknownScheduler }),
    imageSequenceLength: (size) => latentSize(size).width * latentSize(size).height,
    memoryNeeds: async (size, controls, prompts) => {
      checkControls(unet, controls, resources);
      checkIpAdapters(unet, prompts, resources);
      const own = await memoryNeeds(configs, resources, size, latentSize(size));
      const needs = withControls(own, controls, resources);
      return withIpAdapters(needs, prompts, (prompt) => pictures.has(prompt), resources);
    },
    setResidency: (residency, keepsEncoder = false) => {
      sessions.residency = residency;
      sessions.keepsEncoder = keepsEncoder && residency === 'all';
    },
  };
}

/** The text encoders, with the states Stable Diffusion was trained on: the last layer's; SDXL the last but one's. */
export function stableDiffusionEncoders(
  { textEncoders, unet }: ModelConfigs,
  { source, runtime, weights, sessions }: ModelResources,
): TextEncoders {
  const isXl = isSdxl(unet);
  const encoder = (parts: TextEncoderConfig): ChunkEncoder => {
    const { name, config } = parts;
    const graphs = source.graphs(name);
    // SDXL takes the vector for the whole text from its second encoder, CLIPTextModelWithProjection.
    const states = { skip: isXl ? 1 : 0, normed: !isXl, pooled: name === 'text_encoder_2' };
    return clipTextEncoder(parts, states, (shape, outputs) =>
      sessions.open(name, [shape, outputs], async () => {
        if (graphs) return graphs.textEncoder(runtime, name, config, shape, outputs);
        const tensors = await weights.read(name);
        return sessions.create(name, clipTextModel(config, tensors, runtime.target, shape, outputs));
      }),
    );
  };
  return new TextEncoders(textEncoders.map(encoder));
}

function unetSessions(
  { unet }: ModelConfigs,
  { source, runtime, weights, sessions }: ModelResources,
  ipAdapters: IpAdapters | undefined,
): Omit<UNetSessions, 'kept'> {
  const graphs = source.graphs('unet');
  const graph = async (shape: UNetShape) =>
    unet2DConditionModel(unet, await weights.read('unet'), runtime.target, shape, ipAdapters?.tensors);
  return {
    open: (shape) =>
      sessions.open('unet', shape, async () =>
        graphs ? graphs.unet(runtime, unet, shape) : sessions.create('unet', await graph(shape)),
      ),
    openBeside: (shape) => sessions.openBeside('unet', shape, () => graph(shape)),
    openSmall: (shape) =>
      sessions.openPart('unet', shape, async () => sessions.create('unet', await graph(shape))),
  };
}

const promptEmbeds = ({ sequenceLength, states, pooled }: EncodedText): PromptEmbeds => ({
  sequenceLength,
  inputs: { encoder_hidden_states: states, ...(pooled && { text_embeds: pooled }) },
});

/** @param image its size in pixels @param latents their size in latent pixels */
async function memoryNeeds(
  { unet, vae, textEncoders }: ModelConfigs,
  { runtime, weights }: ModelResources,
  image: Size,
  latents: Size,
): Promise<MemoryNeeds> {
  const bytes = FLOAT_BYTES[runtime.target.dtype];
  const ownKernels = runtime.target.ownKernels === true;
  const targetOfVae = vaeTarget({ unet, vae }, runtime.target);
  const texts = textEncoders.map(({ name }) => [name, runtime.target] as const);
  const all = await weights.bytes({
    ...Object.fromEntries(texts),
    unet: runtime.target,
    vae: targetOfVae,
  });
  return {
    weights: all,
    denoiser: bytes * unetActivations(unetSizeOf(unet), latents, ownKernels),
    attentions: bytes * attentionResults(unet, latents),
    vae: vaeNeeds(vae, all.vae as number, targetOfVae, runtime.largestTensor, image),
  };
}

/** What of a UNet its activations depend on. */
export function unetSizeOf(unet: UNet2DConditionConfig): UNetSize {
  const level = Math.max(0, unet.down_block_types.indexOf('CrossAttnDownBlock2D'));
  return {
    channels: unet.block_out_channels[0] as number,
    levelsBeforeAttention: level,
    heads: perLevel(unet.num_attention_heads ?? unet.attention_head_dim, level),
  };
}

/** @param largestTensor bytes that the device binds */
export function vaeNeeds(
  vae: VaeConfig,
  weights: number,
  target: GraphTarget,
  largestTensor: number,
  image: Size,
): VaeNeeds {
  const bytes = FLOAT_BYTES[target.dtype];
  const [channels] = decoderChannels(vae) as [number];
  const { tiles, pixelsPerLatent } = latentSpec(vae, target, largestTensor);
  const side = tiles.tile * pixelsPerLatent;
  const tile = { width: Math.min(side, image.width), height: Math.min(side, image.height) };
  const activations = (size: Size) => bytes * vaeActivations(channels, size, target.ownKernels === true);
  return {
    weights,
    ...{ whole: activations(image), tile: activations(tile) },
    largestMap: bytes * vaeLargestMap(channels, image),
  };
}

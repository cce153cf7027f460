import * as v from 'valibot';
import type { ModelFiles } from '../../hub/repo.ts';
import {
  AutoencoderKLConfig,
  AutoencoderTinyConfig,
  CLIPTextConfig,
  pooledWidth,
  UNet2DConditionConfig,
} from '../../models/config.ts';
import type { GraphValue, ReadModel } from '../../onnx/read-model.ts';
import { SCALING_FACTOR } from '../latent-spaces.ts';
import { INDEX_FILE } from '../repository-layout.ts';
import { readOnnxGraph } from './onnx-graph.ts';

type Config = Readonly<Record<string, unknown>>;

/** Stable Diffusion's values, for repositories without a configuration, and SDXL's where they differ. */
const USUAL = { crossAttention: 768, crossAttentionXl: 2048 };
const USUAL_XL = { addition_time_embed_dim: 256, pooled: 1280 };
const USUAL_GUIDANCE_WIDTH = 256;
/** The VAE of every Stable Diffusion. */
const USUAL_VAE = {
  block_out_channels: [128, 256, 512, 512],
  down_block_types: Array(4).fill('DownEncoderBlock2D'),
  up_block_types: Array(4).fill('UpDecoderBlock2D'),
};

/**
 * An ONNX repository with the configurations of a diffusers repository. What a graph fixes counts, whatever a config.json
 * says: its input channels, the width of the text states, and which inputs it has. What a graph leaves open is taken from
 * config.json, or is Stable Diffusion's usual value:
 * - the VAE's scaling factor and levels, and whether it is an AutoencoderTiny;
 * - the widths and heads of the UNet's levels, which only the memory estimate uses;
 * - the number of a text encoder's layers, where the graph outputs no layer's states.
 * @throws AppError unsupported-model when a graph is missing; corrupt-file, download-failed
 */
export async function onnxConfigs(files: ModelFiles): Promise<ModelFiles> {
  const unet = await readOnnxGraph(files, 'unet');
  const decoder = await readOnnxGraph(files, 'vae_decoder');
  const isXl = unet.inputs.some(({ name }) => name === 'text_embeds');
  const texts: Record<string, unknown> = {};
  for (const name of isXl ? ['text_encoder', 'text_encoder_2'] : ['text_encoder']) {
    const path = `${name}/config.json`;
    texts[path] = textConfig(await readOnnxGraph(files, name), await read(files, path));
  }
  const vae = await vaeConfig(files, decoder, isXl);
  const configs: Config = {
    ...texts,
    [INDEX_FILE]: indexOf(await read(files, INDEX_FILE), isXl, vae.className),
    'unet/config.json': unetConfig(unet, await read(files, 'unet/config.json'), isXl),
    'vae/config.json': vae.config,
  };
  return {
    has: (path) => Object.hasOwn(configs, path) || files.has(path),
    file: (path) => files.file(path),
    json: async (path) => (Object.hasOwn(configs, path) ? configs[path] : files.json(path)),
  };
}

/** How many numbers a component's weights are. @throws AppError unsupported-model, corrupt-file */
export async function onnxParameters(files: ModelFiles, component: string): Promise<number> {
  const { parameters } = await readOnnxGraph(files, component === 'vae' ? 'vae_decoder' : component);
  return parameters;
}

async function read(files: ModelFiles, path: string): Promise<Config> {
  const json = files.has(path) ? await files.json(path) : {};
  return json !== null && typeof json === 'object' ? (json as Config) : {};
}

/** A size that a graph fixes; undefined when it leaves the size open. */
function fixed(values: readonly GraphValue[], name: string, axis: number): number | undefined {
  const size = values.find((value) => value.name === name)?.dims?.[axis];
  return typeof size === 'number' ? size : undefined;
}

function indexOf(index: Config, isXl: boolean, vaeClass: string): Config {
  return {
    ...index,
    text_encoder: ['transformers', 'CLIPTextModel'],
    ...(isXl && { text_encoder_2: ['transformers', 'CLIPTextModelWithProjection'] }),
    unet: ['diffusers', 'UNet2DConditionModel'],
    vae: ['diffusers', vaeClass],
  };
}

/** A config.json's value for a key, when it is a number. */
const number = (json: Config, key: string): number | undefined =>
  typeof json[key] === 'number' ? json[key] : undefined;

function unetConfig({ inputs }: ReadModel, json: Config, isXl: boolean): Config {
  const usualWidth = isXl ? USUAL.crossAttentionXl : USUAL.crossAttention;
  const size = [fixed(inputs, 'sample', 2), fixed(inputs, 'sample', 3)];
  const isGuided = inputs.some(({ name }) => name === 'timestep_cond');
  const guidanceWidth =
    fixed(inputs, 'timestep_cond', 1) ?? number(json, 'time_cond_proj_dim') ?? USUAL_GUIDANCE_WIDTH;
  const facts = {
    in_channels: fixed(inputs, 'sample', 1) ?? number(json, 'in_channels') ?? 4,
    cross_attention_dim:
      fixed(inputs, 'encoder_hidden_states', 2) ?? number(json, 'cross_attention_dim') ?? usualWidth,
    time_cond_proj_dim: isGuided ? guidanceWidth : null,
    ...(isXl ? additions(inputs, json) : { addition_embed_type: null }),
    ...(size.every((side) => side !== undefined) && { sample_size: size }),
  };
  // A graph may run that Safelight could not build; then its config.json is not used.
  return v.is(UNet2DConditionConfig, { ...json, ...facts }) ? { ...json, ...facts } : facts;
}

/** SDXL's keys, from which `pooledWidth` gets the width of the pooled text. */
function additions(inputs: readonly GraphValue[], json: Config): Config {
  const addition_time_embed_dim = number(json, 'addition_time_embed_dim') ?? USUAL_XL.addition_time_embed_dim;
  const input = number(json, 'projection_class_embeddings_input_dim');
  const known =
    input &&
    pooledWidth({
      addition_time_embed_dim,
      projection_class_embeddings_input_dim: input,
      requires_aesthetics_score: false,
    });
  const pooled = fixed(inputs, 'text_embeds', 1) ?? known ?? USUAL_XL.pooled;
  return {
    addition_embed_type: 'text_time',
    addition_time_embed_dim,
    projection_class_embeddings_input_dim: 6 * addition_time_embed_dim + pooled,
  };
}

function textConfig({ outputs }: ReadModel, json: Config): Config {
  const states = outputs.filter(({ name }) => /^(last_hidden_state|hidden_states\.\d+)$/.test(name));
  const layers = states.flatMap(({ name }) => name.match(/\d+$/)?.map(Number) ?? []);
  const width = states.map(({ name }) => fixed(outputs, name, 2)).find((size) => size !== undefined);
  const hidden_size = width ?? number(json, 'hidden_size') ?? USUAL.crossAttention;
  // A graph outputs either all states, from the embeddings to the last layer's, or only those of the last layer but one.
  const ofGraph = layers.length === 1 ? (layers[0] as number) + 1 : Math.max(...layers);
  const num_hidden_layers = number(json, 'num_hidden_layers') ?? (layers.length > 0 ? ofGraph : 12);
  const facts = { hidden_size, num_hidden_layers };
  return v.is(CLIPTextConfig, { ...json, ...facts }) ? { ...json, ...facts } : facts;
}

async function vaeConfig(
  files: ModelFiles,
  { inputs }: ReadModel,
  isXl: boolean,
): Promise<{ className: string; config: Config }> {
  const path = ['vae_decoder', 'vae', 'vae_encoder']
    .map((folder) => `${folder}/config.json`)
    .find((candidate) => files.has(candidate));
  const json = path ? await read(files, path) : {};
  const latent_channels = inputs[0] && fixed(inputs, inputs[0].name, 1);
  const config = { ...json, ...(latent_channels && { latent_channels }) };
  if (json._class_name === 'AutoencoderTiny' && v.is(AutoencoderTinyConfig, config))
    return { className: 'AutoencoderTiny', config };
  const isKnown = path !== undefined && v.is(AutoencoderKLConfig, config);
  const scaling_factor = number(json, 'scaling_factor') ?? (isXl ? SCALING_FACTOR.sdxl : SCALING_FACTOR.sd1);
  const usual = { ...USUAL_VAE, scaling_factor, ...(latent_channels && { latent_channels }) };
  return { className: 'AutoencoderKL', config: isKnown ? config : usual };
}

import type { ModelFiles } from '../../hub/repo.ts';
import type { TextOutputs, TextShape } from '../../models/clip.ts';
import {
  type CLIPTextConfig,
  pooledWidth,
  textWidth,
  type UNet2DConditionConfig,
} from '../../models/config.ts';
import type { UNetShape } from '../../models/unet.ts';
import type { ReadModel } from '../../onnx/read-model.ts';
import { AppError, type Fault } from '../../protocol/errors.ts';
import type { Size } from '../../protocol/placement.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { Session } from '../../runtime/session.ts';
import type { LatentChannels } from '../model-source.ts';
import { batchOf, openOnnxGraph, readOnnxGraph, type Shapes } from './onnx-graph.ts';

/**
 * Opens the graphs of an ONNX repository, each as a session with the inputs and outputs of Safelight's own graph for that
 * component. Names, types and sizes are read from the graph. All throw AppError unsupported-model, corrupt-file,
 * out-of-memory, device-lost, and invalid-request when a graph was made for another size.
 */

/**
 * As `clipTextModel`: input_ids int32 [batch, T] → encoder_hidden_states float32 [batch, T, D], and text_embeds
 * float32 [batch, P]. The graph itself finds where the text ends.
 * @throws AppError unsupported-embedding for learned embeddings; invalid-request for a layer whose states the graph
 * doesn't output
 */
export async function openOnnxTextEncoder(
  runtime: Runtime,
  files: ModelFiles,
  name: string,
  config: Pick<CLIPTextConfig, 'num_hidden_layers'>,
  { batch: rows, sequenceLength }: TextShape,
  { skip, normed, pooled, injected }: TextOutputs,
): Promise<Session> {
  if (injected) throw fixedEmbeddings(name);
  const graph = await readOnnxGraph(files, name);
  const states =
    normed && skip === 0 ? 'last_hidden_state' : `hidden_states.${config.num_hidden_layers - skip}`;
  // Hidden states of a graph are never normed; Stable Diffusion 1 and 2 norm theirs, also after skipped layers.
  const isAsked = skip > (normed ? 0 : 1);
  if (isAsked && (normed || !graph.outputs.some((output) => output.name === states)))
    throw noSuchLayer(name, skip - (normed ? 0 : 1));
  const batch = batchOf(name, graph, rows);
  const shapes = { input_ids: [batch, sequenceLength], attention_mask: [batch, sequenceLength] };
  const outputs = pooled ? [states, 'text_embeds'] : [states];
  const encoder = await openOnnxGraph(runtime, files, name, graph, shapes, outputs, batch);
  return {
    run: async ({ input_ids }) => {
      const ids = input_ids as Int32Array;
      const results = await encoder.run({ input_ids: ids, attention_mask: ids.map(() => 1) }, rows);
      const textEmbeds = results.text_embeds?.data;
      return {
        encoder_hidden_states: results[states]?.data as Float32Array,
        ...(textEmbeds && { text_embeds: textEmbeds }),
      };
    },
    release: () => encoder.release(),
  };
}

/**
 * As `unet2DConditionModel`, all float32: sample [1, C, h, w], timestep [1], encoder_hidden_states [batch, T, D], and for
 * graphs that take them text_embeds [batch, P], time_ids [batch, 6], timestep_cond [1, E] → out_sample [batch, C, h, w].
 * A graph for one text runs once per text; a graph for two runs both at once.
 * @throws AppError invalid-request for a size that some level cannot halve: diffusers handles those in a branch that is
 * lost when a graph is traced
 */
export async function openOnnxUnet(
  runtime: Runtime,
  files: ModelFiles,
  config: UNet2DConditionConfig,
  { height, width, sequenceLength, batch: rows }: UNetShape,
): Promise<Session> {
  const step = 2 ** (config.down_block_types.length - 1);
  if (height % step !== 0 || width % step !== 0) throw oddSize(step, height, width);
  const graph = await readOnnxGraph(files, 'unet');
  const batch = batchOf('unet', graph, rows);
  const shapes: Shapes = {
    sample: [batch, config.in_channels, height, width],
    timestep: timestepShape(graph, batch),
    encoder_hidden_states: [batch, sequenceLength, textWidth(config)],
    timestep_cond: [batch, config.time_cond_proj_dim ?? 0],
    text_embeds: [batch, pooledWidth(config)],
    time_ids: [batch, 6],
  };
  const output = onlyOutput(graph, 'out_sample');
  const unet = await openOnnxGraph(runtime, files, 'unet', graph, shapes, [output], batch);
  return {
    run: async (feeds) => {
      const results = await unet.run(feeds, rows);
      return { out_sample: results[output]?.data as Float32Array };
    },
    release: () => unet.release(),
  };
}

/** The shape of a graph's timestep: [], [1] for all rows, or [batch]. */
function timestepShape({ inputs }: ReadModel, batch: number): number[] {
  const dims = (name: string) => inputs.find((input) => input.name === name)?.dims;
  const timestep = dims('timestep');
  if (timestep?.length === 0) return [];
  const size = timestep?.[0] ?? null;
  if (typeof size === 'number') return [size];
  return [size !== null && size === dims('sample')?.[0] ? batch : 1];
}

/** As `autoencoderKLDecoder`: latent_sample float32 [1, C, h, w] → sample float32 [1, 3, H, W]. Sizes in latent pixels. */
export async function openOnnxVaeDecoder(
  runtime: Runtime,
  files: ModelFiles,
  config: LatentChannels,
  { height, width }: Size,
): Promise<Session> {
  const graph = await readOnnxGraph(files, 'vae_decoder');
  const batch = batchOf('vae_decoder', graph, 1);
  const input = onlyInput(graph, 'latent_sample');
  const output = onlyOutput(graph, 'sample');
  const shapes = { [input]: [batch, config.latent_channels, height, width] };
  const decoder = await openOnnxGraph(runtime, files, 'vae_decoder', graph, shapes, [output], batch);
  return {
    run: async ({ latent_sample }) => {
      const results = await decoder.run({ [input]: latent_sample as Float32Array }, 1);
      return { sample: results[output]?.data as Float32Array };
    },
    release: () => decoder.release(),
  };
}

/**
 * As `autoencoderKLEncoder`: sample float32 [1, 3, H, W] → latent_parameters float32 [1, 2C, h, w]. Sizes in pixels. Or as
 * `autoencoderTinyEncoder`, from a graph whose latents are final: latents float32 [1, C, h, w].
 */
export async function openOnnxVaeEncoder(
  runtime: Runtime,
  files: ModelFiles,
  config: LatentChannels,
  { height, width }: Size,
): Promise<Session> {
  const graph = await readOnnxGraph(files, 'vae_encoder');
  const batch = batchOf('vae_encoder', graph, 1);
  const input = onlyInput(graph, 'sample');
  const output = onlyOutput(graph, 'latent_parameters');
  const shapes = { [input]: [batch, 3, height, width] };
  const encoder = await openOnnxGraph(runtime, files, 'vae_encoder', graph, shapes, [output], batch);
  return {
    run: async ({ sample }) => {
      const results = await encoder.run({ [input]: sample as Float32Array }, 1);
      const { data, shape } = results[output] as { data: Float32Array; shape: readonly number[] };
      const name = shape[1] === 2 * config.latent_channels ? 'latent_parameters' : 'latents';
      return { [name]: data };
    },
    release: () => encoder.release(),
  };
}

/** The input with the usual name; an only input, whatever its name. */
const onlyInput = ({ inputs }: ReadModel, usual: string) =>
  inputs.length === 1 ? (inputs[0]?.name as string) : usual;
const onlyOutput = ({ outputs }: ReadModel, usual: string) =>
  outputs.length === 1 ? (outputs[0]?.name as string) : usual;

function oddSize(step: number, height: number, width: number): AppError {
  const expected = `sizes in steps of ${step} latent pixels`;
  const details = {
    kind: 'graph-size',
    component: 'unet',
    field: height % step ? 'height' : 'width',
    expected,
    found: `${width} × ${height}`,
  } satisfies Fault;
  const message = `unet: an ONNX graph takes ${expected}, not ${details.found}.`;
  return new AppError('invalid-request', message, details);
}

function fixedEmbeddings(component: string): AppError {
  const details = { kind: 'no-embeddings-here', component } satisfies Fault;
  const message = "This model's text encoder is an ONNX graph, which takes no learned embeddings.";
  return new AppError('unsupported-embedding', message, details);
}

function noSuchLayer(component: string, clipSkip: number): AppError {
  const details = { kind: 'no-layers', component, field: 'clipSkip', found: clipSkip } satisfies Fault;
  const message =
    "clipSkip: this model's text encoder is an ONNX graph, which only outputs the states of its usual layer.";
  return new AppError('invalid-request', message, details);
}

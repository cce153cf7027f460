import type { ModelFiles } from '../hub/repo.ts';
import type { TextOutputs, TextShape } from '../models/clip.ts';
import {
  type AutoencoderKLConfig,
  type CLIPTextConfig,
  pooledWidth,
  type UNet2DConditionConfig,
} from '../models/config.ts';
import type { UNetShape } from '../models/unet.ts';
import type { PictureShape } from '../models/vae.ts';
import type { ReadModel } from '../onnx/read-model.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Session } from '../runtime/session.ts';
import { batchOf, openOnnxGraph, readOnnxGraph, type Shapes } from './onnx-graph.ts';

/**
 * Opens component graphs of an ONNX repository, each as a session that takes and gives what our own graph of the same
 * component does. Names, types and sizes are read from the graph. All throw AppError unsupported-model, corrupt-file,
 * out-of-memory, and invalid-request where the graph is made for one size and another is asked for.
 */

/**
 * As `clipTextModel`: input_ids int32 [batch, T] → encoder_hidden_states float32 [batch, T, D], and text_embeds. The graph
 * finds the text's end itself.
 * @throws AppError unsupported-embedding for token embeddings from outside; invalid-request for a layer whose states the
 * graph does not give
 */
export async function openOnnxTextEncoder(
  runtime: Runtime,
  files: ModelFiles,
  name: 'text_encoder' | 'text_encoder_2',
  config: Pick<CLIPTextConfig, 'num_hidden_layers'>,
  { batch: rows, sequenceLength }: TextShape,
  { skip, normed, pooled, injected }: TextOutputs,
): Promise<Session> {
  if (injected) throw closedEmbeddings(name);
  const graph = await readOnnxGraph(files, name);
  const states =
    normed && skip === 0 ? 'last_hidden_state' : `hidden_states.${config.num_hidden_layers - skip}`;
  // Our states after a skipped layer are normed where the family's are, those of a graph never.
  const isAsked = skip > (normed ? 0 : 1);
  if (isAsked && (normed || !graph.outputs.some((output) => output.name === states)))
    throw withoutLayer(name, skip - (normed ? 0 : 1));
  const batch = batchOf(name, graph, rows);
  const shapes = { input_ids: [batch, sequenceLength], attention_mask: [batch, sequenceLength] };
  const outputs = pooled ? [states, 'text_embeds'] : [states];
  const encoder = await openOnnxGraph(runtime, files, name, graph, shapes, outputs, batch);
  return {
    run: async ({ input_ids }) => {
      const ids = input_ids as Int32Array;
      const results = await encoder.run({ input_ids: ids, attention_mask: ids.map(() => 1) }, rows);
      const states0 = results[states]?.data as Float32Array;
      const embeds = results.text_embeds?.data;
      return { encoder_hidden_states: states0, ...(embeds && { text_embeds: embeds }) };
    },
    release: () => encoder.release(),
  };
}

/**
 * As `unet2DConditionModel`: sample [1, C, h, w], timestep [1], encoder_hidden_states [batch, T, D], and where the graph
 * takes them text_embeds [batch, P], time_ids [batch, 6], timestep_cond [1, E] → out_sample [batch, C, h, w]. A graph for
 * one text runs once for each, one for two runs both at once.
 * @throws AppError invalid-request for a size that is not whole on every level: diffusers takes those on a branch that
 * tracing loses
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
    encoder_hidden_states: [batch, sequenceLength, config.cross_attention_dim],
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

/** A scalar, one for all rows, or one for each. */
function timestepShape({ inputs }: ReadModel, batch: number): number[] {
  const dims = (name: string) => inputs.find((input) => input.name === name)?.dims;
  const timestep = dims('timestep');
  if (timestep?.length === 0) return [];
  const size = timestep?.[0] ?? null;
  if (typeof size === 'number') return [size];
  return [size !== null && size === dims('sample')?.[0] ? batch : 1];
}

/** As `autoencoderKLDecoder`: latent_sample [1, C, h, w] → sample [1, 3, H, W]. @param shape in latent pixels */
export async function openOnnxVaeDecoder(
  runtime: Runtime,
  files: ModelFiles,
  config: Pick<AutoencoderKLConfig, 'latent_channels'>,
  { height, width }: PictureShape,
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
 * As `autoencoderKLEncoder`: sample [1, 3, H, W] → latent_parameters [1, 2C, h, w]; or, from a graph that draws or needs no
 * draw, as `autoencoderTinyEncoder`: latents [1, C, h, w]. @param shape in pixels
 */
export async function openOnnxVaeEncoder(
  runtime: Runtime,
  files: ModelFiles,
  config: Pick<AutoencoderKLConfig, 'latent_channels'>,
  { height, width }: PictureShape,
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

/** An input by its usual name, or the only one, whatever its name. */
const onlyInput = ({ inputs }: ReadModel, usual: string) =>
  inputs.length === 1 ? (inputs[0]?.name as string) : usual;
const onlyOutput = ({ outputs }: ReadModel, usual: string) =>
  outputs.length === 1 ? (outputs[0]?.name as string) : usual;

function oddSize(step: number, height: number, width: number): AppError {
  const expected = `sizes in steps of ${step} latent pixels`;
  const details = {
    component: 'unet',
    field: height % step ? 'height' : 'width',
    expected,
    found: `${width} × ${height}`,
  };
  const message = `unet: a ready-made graph takes ${expected}, not ${details.found}.`;
  return new AppError('invalid-request', message, details);
}

function closedEmbeddings(component: string): AppError {
  const details = { kind: 'no-embeddings-here', component } satisfies Fault;
  const message = 'this model’s text encoder is a ready-made graph, which takes no vectors from outside.';
  return new AppError('unsupported-embedding', message, details);
}

function withoutLayer(component: string, clipSkip: number): AppError {
  const details = { kind: 'no-layers', component, field: 'clipSkip', found: clipSkip } satisfies Fault;
  const message = `clipSkip: this model’s text encoder is a ready-made graph, which gives the states of its usual layer alone.`;
  return new AppError('invalid-request', message, details);
}

import { type ControlNetShape, conditionName, residualShapes } from '../../models/controlnet.ts';
import type { ControlNetConfig } from '../../models/controlnet-config.ts';
import { elementCount } from '../../numerics/tensor.ts';
import type { Size } from '../../protocol/placement.ts';
import type { Session } from '../../runtime/session.ts';
import type { ControlRequest, DenoiserRequest, PromptEmbeds } from '../family.ts';
import { steadyFeeds } from '../steady-feeds.ts';
import { mapPlanes } from './control-map.ts';
import type { Controls } from './controls.ts';
import type { OpenedNet } from './opened-nets.ts';

/** A ControlNet that fits the model, with its sessions: the one that is open, or a new one. */
export interface FittedControlNet extends Pick<OpenedNet, 'places'> {
  readonly config: ControlNetConfig;
  open(shape: ControlNetShape): Promise<Session>;
  /** One over the weights of that which is open; undefined where they would be loaded again. */
  openBeside(shape: ControlNetShape): Promise<Session | undefined>;
}

/** One value for each of the UNet's skip connections, and for its mid block. */
type Residuals = readonly Float32Array[];

/**
 * Opens the ControlNets of a run: what they add is float32 [texts, C, h, w] each (diffusers' MultiControlNetModel), zeros for a text
 * that none is run for.
 * @param nets at least one
 * @param latents their height and width
 * @throws AppError out-of-memory, device-lost; unsupported-model when a tensor is missing or of another shape
 */
export async function openControlNets(
  request: DenoiserRequest,
  nets: readonly FittedControlNet[],
  latents: Size,
): Promise<Controls> {
  const evaluators: Evaluate[] = [];
  for (const net of nets) evaluators.push(await openControlNet(request, net, latents));
  const sizes = residualShapes((nets[0] as FittedControlNet).config.unet, latents).map(elementCount);
  const zeros = (rows: number): Residuals => sizes.map((size) => new Float32Array(rows * size));
  let nothing: Residuals = [];

  return {
    addends: { controlNet: true },
    residuals: async (sample, timestep, texts, scales) => {
      let sums: Residuals | undefined;
      for (const [i, evaluate] of evaluators.entries()) {
        const own = (nets[i] as FittedControlNet).places.map((place) => scales[place] as number);
        const isOff = own.every((scale) => scale === 0);
        const of = isOff ? undefined : await evaluate(sample, timestep, texts, own);
        if (!of) continue;
        const isWhole = of.residuals.every(
          ({ length }, at) => length === (sizes[at] as number) * texts.length,
        );
        if (!sums && isWhole) {
          sums = of.residuals;
          continue;
        }
        sums ??= zeros(texts.length);
        for (const [at, sum] of sums.entries())
          addRows(sum, of.residuals[at] as Float32Array, texts.length, of.rows);
      }
      if (!sums && nothing[0]?.length !== texts.length * (sizes[0] as number)) nothing = zeros(texts.length);
      return namedForUNet(sums ?? nothing);
    },
  };
}

/** The residuals of the texts that a ControlNet is run for, and which ones these are; undefined where it is run for none. */
type Evaluate = (
  sample: Float32Array,
  timestep: number,
  texts: readonly PromptEmbeds[],
  scales: readonly number[],
) => Promise<{ readonly residuals: Residuals; readonly rows: readonly number[] } | undefined>;

async function openControlNet(
  { width, height, texts, sometimesOne, sequenceLength, controls }: DenoiserRequest,
  { config, places, ...sessions }: FittedControlNet,
  latents: Size,
): Promise<Evaluate> {
  const own = places.map((place) => controls[place] as ControlRequest);
  const isGuess = own.some((control) => control.isGuess);
  // diffusers has the negative prompt see nothing of a pooled map either.
  const isForPromptOnly = isGuess || config.global_pool_conditions;
  const batch = isForPromptOnly ? 1 : texts;
  const modes = config.union ? own.map(({ mode }) => mode ?? 0) : [];
  const shape = { ...latents, sequenceLength, isGuess, modes };
  const open = () => sessions.open({ ...shape, batch });
  const openOne = async () => {
    await open();
    return sessions.openBeside({ ...shape, batch: 1 });
  };
  // Now, so that what does not fit is known before the first evaluation.
  await (batch === 2 && sometimesOne ? openOne() : open());
  const maps = own.map(
    ({ map }, i) => [conditionName(i), inOrder(mapPlanes(map, { width, height }), config)] as const,
  );
  const feedsOf = steadyFeeds(config.unet, { width, height }, Object.fromEntries(maps));
  const channels = config.unet.in_channels * latents.width * latents.height;
  let strength = new Float32Array(own.length);

  return async (sample, timestep, all, scales) => {
    const rows = [...all.keys()].filter((row) => !(isForPromptOnly && all[row]?.isNegative));
    if (rows.length === 0) return undefined;
    const one = rows.length < batch ? await openOne() : undefined;
    const session = one ?? (await open());
    // Where one text cannot be evaluated alone, it is evaluated twice.
    const run = rows.length < batch && !one ? [...rows, ...rows] : rows;
    if (scales.some((scale, i) => strength[i] !== Math.fround(scale))) strength = Float32Array.from(scales);
    const outputs = await session.run({
      ...feedsOf(run.map((row) => all[row] as PromptEmbeds)),
      conditioning_scale: strength,
      sample: sample.subarray(0, channels),
      timestep: Float32Array.of(timestep),
    });
    const given = (output: Float32Array) => output.subarray(0, (output.length / run.length) * rows.length);
    return { residuals: Object.values(outputs).map(given), rows };
  };
}

/** The map's colours in the order that the ControlNet was trained with. */
function inOrder(
  map: Float32Array,
  { controlnet_conditioning_channel_order: order }: ControlNetConfig,
): Float32Array {
  if (order === 'rgb') return map;
  const pixels = map.length / 3;
  return Float32Array.from(
    map,
    (_, i) => map[(2 - Math.floor(i / pixels)) * pixels + (i % pixels)] as number,
  );
}

/** Adds what a ControlNet gave for some of the texts, which may be one number for each channel. */
function addRows(sum: Float32Array, residual: Float32Array, texts: number, rows: readonly number[]): void {
  const [length, given] = [sum.length / texts, residual.length / rows.length];
  const repeated = length / given;
  for (const [i, row] of rows.entries())
    for (let k = 0; k < given; k++) {
      const value = residual[i * given + k] as number;
      const from = row * length + k * repeated;
      for (let at = from; at < from + repeated; at++) sum[at] = (sum[at] as number) + value;
    }
}

/** By the names of the UNet's inputs (`UNetAddends`). */
function namedForUNet(residuals: Residuals): Record<string, Float32Array> {
  const skips = residuals.slice(0, -1).map((of, i) => [`down_block_additional_residuals_${i}`, of] as const);
  return { ...Object.fromEntries(skips), mid_block_additional_residual: residuals.at(-1) as Float32Array };
}

import type { SchedulerId } from '../../catalog/schedulers.ts';
import type { Picture } from '../../image/picture.ts';
import type { Family } from '../../loaders/family.ts';
import { REQUEST_DEFAULTS } from '../../protocol/generation.ts';
import type { Hires } from '../../protocol/hires.ts';
import type { PipelineEvent } from '../events.ts';
import type { PipelineRequest } from '../pipeline-request.ts';
import { stableDiffusion } from '../stable-diffusion.ts';

/** A request as golden/pipeline.py, golden/families.py, golden/hires.py and golden/webui.py write it. */
export interface GoldenRequest {
  readonly prompt: string;
  readonly negative: string;
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  readonly guidance: number;
  readonly seed: number;
  readonly scheduler: SchedulerId;
  readonly clip_skip?: number;
  readonly emphasis?: PipelineRequest['emphasis'];
  readonly rescale?: number;
  /** The part of the run that is guided. */
  readonly interval?: readonly number[];
  readonly eta?: number;
  readonly cache_interval?: PipelineRequest['cacheInterval'];
  readonly cache_branch_id?: PipelineRequest['cacheBranchId'];
  readonly gate_step?: number;
  /** Starts from a picture: the part of the run that is done. */
  readonly strength?: number;
  /** And paints only a part of it. */
  readonly mask?: boolean;
  /** With a second pass. */
  readonly hires?: Hires;
  /** A textual-inversion file; its trigger word is `mystyle`. */
  readonly embedding?: string;
}

/** The same as the pipeline takes it. */
export function toRequest(
  run: GoldenRequest,
  embeddings: PipelineRequest['embeddings'] = [],
): PipelineRequest {
  const { prompt, width, height, seed, scheduler } = run;
  return {
    ...REQUEST_DEFAULTS,
    controls: [],
    picturePrompts: [],
    embeddings,
    ...{ prompt, width, height, seed, scheduler },
    negativePrompt: run.negative,
    numInferenceSteps: run.steps,
    guidanceScale: run.guidance,
    numImages: 1,
    filmstrip: false,
    clipSkip: run.clip_skip ?? REQUEST_DEFAULTS.clipSkip,
    emphasis: run.emphasis ?? REQUEST_DEFAULTS.emphasis,
    guidanceRescale: run.rescale ?? REQUEST_DEFAULTS.guidanceRescale,
    guidanceStart: run.interval?.[0] ?? REQUEST_DEFAULTS.guidanceStart,
    guidanceEnd: run.interval?.[1] ?? REQUEST_DEFAULTS.guidanceEnd,
    eta: run.eta ?? REQUEST_DEFAULTS.eta,
    cacheInterval: run.cache_interval ?? REQUEST_DEFAULTS.cacheInterval,
    cacheBranchId: run.cache_branch_id ?? REQUEST_DEFAULTS.cacheBranchId,
    gateStep: run.gate_step ?? REQUEST_DEFAULTS.gateStep,
  };
}

/** Runs a request to its end, and returns what happened. */
export async function runPipeline(family: Family, request: PipelineRequest): Promise<PipelineEvent[]> {
  const events: PipelineEvent[] = [];
  const emit = async (event: PipelineEvent) => void events.push(event);
  await stableDiffusion(family, request, emit, new AbortController().signal);
  return events;
}

export const picturesOf = (events: readonly PipelineEvent[]): Picture[] =>
  events.flatMap((event) => (event.stage === 'image' ? [event.picture] : []));

/** The first picture of a request. */
export async function paint(family: Family, request: PipelineRequest): Promise<Picture> {
  return picturesOf(await runPipeline(family, request))[0] as Picture;
}

/**
 * Runs a request where memory is short: one component at a time, and the texts one after the other. With small models the plan
 * would decode in that much memory anyway, so the denoiser is said to take more.
 * @throws Error where it was planned otherwise
 */
export async function runInTurn(family: Family, request: PipelineRequest): Promise<PipelineEvent[]> {
  const memoryNeeds: Family['memoryNeeds'] = async (...asked) => {
    return { ...(await family.memoryNeeds(...asked)), denoiser: 1e9 };
  };
  const events = await runPipeline({ ...family, memoryNeeds }, { ...request, memoryBytes: 1 });
  for (const event of events)
    if (event.stage === 'plan' && `${event.plan.residency} ${event.plan.guidance}` !== 'one-by-one in-turn')
      throw new Error(`Planned ${event.plan.residency}, ${event.plan.guidance}.`);
  return events;
}

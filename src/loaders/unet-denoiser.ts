import type { KeptTensors } from '../graph/kept-tensors.ts';
import type { UNet2DConditionConfig } from '../models/config.ts';
import type { UNetShape } from '../models/unet.ts';
import { concatenate } from '../numerics/concatenate.ts';
import type { Size } from '../protocol/placement.ts';
import type { Session } from '../runtime/session.ts';
import type { Controls } from './control/controls.ts';
import type { Denoiser, DenoiserRequest, Reuse } from './family.ts';
import type { IpAdapters } from './ip-adapter/ip-adapter-feeds.ts';
import { steadyFeeds } from './steady-feeds.ts';

/** A UNet's sessions: the one that is open, or a new one. */
export interface UNetSessions {
  open(shape: UNetShape): Promise<Session>;
  /** One over the weights of that which is open; undefined where they would be loaded again. */
  openBeside(shape: UNetShape): Promise<Session | undefined>;
  /** One with a copy of the few weights that it reads, beside that which is open. */
  openSmall(shape: UNetShape): Promise<Session>;
  /** Where evaluations keep what others take over; empty at first. */
  readonly kept: KeptTensors;
}

/**
 * UNet2DConditionModel as a denoiser. A UNet takes only those of the inputs that its configuration asks for.
 * @param latents their height and width
 * @param controls what is added between its blocks; none for a run that nothing steers
 * @param ipAdapters none for a run without picture prompts
 */
export async function openUNetDenoiser(
  config: UNet2DConditionConfig,
  latents: Size,
  { width, height, texts: batch, sometimesOne, sequenceLength, guidanceScale, reuses = [] }: DenoiserRequest,
  sessions: UNetSessions,
  controls?: Controls,
  ipAdapters?: IpAdapters,
): Promise<Denoiser> {
  const additions = {
    ...(controls && { addends: controls.addends }),
    ...(ipAdapters && { ipAdapters: ipAdapters.shapes }),
  };
  const sessionFor = unetSessionFor(
    { ...latents, sequenceLength, batch, ...additions },
    reuses[0]?.reuse,
    sessions,
  );
  // Now, so that what does not fit is known before the first evaluation.
  const first = await sessionFor(batch, reuses[0]?.reuse);
  if (batch === 2 && sometimesOne && reuses.length === 0) await sessionFor(1);
  if (first.session.openBeside) for (const { texts, reuse } of reuses) await sessionFor(texts, reuse);
  const timestepCond = guidanceEmbedding(guidanceScale - 1, config.time_cond_proj_dim ?? 0);
  const feedsOf = steadyFeeds(
    config,
    { width, height },
    { timestep_cond: timestepCond, ...ipAdapters?.scales },
  );
  return async (sample, timestep, texts, controlScales, of) => {
    // And again, because a picture that was decoded meanwhile may have taken its room.
    const { session, rowsPerText } = await sessionFor(texts.length as 1 | 2, of?.reuse);
    const rows = rowsPerText === 2 ? [...texts, ...texts] : texts;
    const residuals = (await controls?.residuals(sample, timestep, texts, controlScales)) ?? {};
    const added = rowsPerText === 2 ? doubled(residuals) : residuals;
    const feeds = { ...feedsOf(rows), ...added, sample, timestep: Float32Array.of(timestep) };
    const { out_sample } = await session.run(feeds, of && { tensors: sessions.kept, prefix: of.prefix });
    const outputs = out_sample as Float32Array;
    return outputs.subarray(0, (outputs.length / rows.length) * texts.length);
  };
}

/** What is added for one text, for both halves of a run; an adapter's is the same for any number of texts. */
const doubled = (residuals: Readonly<Record<string, Float32Array>>) =>
  Object.fromEntries(
    Object.entries(residuals).map(([name, of]) => [
      name,
      name.startsWith('down_intrablock') ? of : concatenate([of, of]),
    ]),
  );

/** A session, and how often it evaluates a text. */
interface UNetRun {
  readonly session: Session;
  readonly rowsPerText: 1 | 2;
}

/**
 * Finds the session for an evaluation of this many texts: the first one's own, or one beside it. Where that would load the
 * weights again, one text is evaluated twice, and the last layers alone get a copy of theirs; what T-GATE evaluates in
 * another way takes the first one's place.
 */
function unetSessionFor(main: UNetShape, first: Reuse | undefined, sessions: UNetSessions) {
  const mainShape = first ? { ...main, reuse: first } : main;
  const isMain = (batch: number, reuse: Reuse | undefined) =>
    batch === main.batch && JSON.stringify(reuse) === JSON.stringify(first);
  let sharesWeights: boolean | undefined;
  const beside = async (shape: UNetShape) => {
    if (sharesWeights === false) return undefined;
    await sessions.open(mainShape);
    const session = await sessions.openBeside(shape);
    sharesWeights = session !== undefined;
    return session;
  };
  return async (texts: 1 | 2, reuse?: Reuse): Promise<UNetRun> => {
    if (isMain(texts, reuse)) return { session: await sessions.open(mainShape), rowsPerText: 1 };
    const shape = reuse ? { ...main, batch: texts, reuse } : { ...main, batch: texts };
    const shared = await beside(shape);
    if (shared) return { session: shared, rowsPerText: 1 };
    if (reuse?.method === 'tgate') return { session: await sessions.open(shape), rowsPerText: 1 };
    const rowsPerText = texts < main.batch ? 2 : 1;
    const whole = { ...shape, batch: main.batch };
    const isShallow = reuse?.part === 'shallow';
    return { session: await (isShallow ? sessions.openSmall(whole) : sessions.open(mainShape)), rowsPerText };
  };
}

/**
 * get_guidance_scale_embedding (diffusers pipelines/latent_consistency_models): sines and cosines of the guidance scale.
 * @param w the guidance scale − 1
 * @param dim the length of the result, even
 */
export function guidanceEmbedding(w: number, dim: number): Float32Array {
  const half = dim / 2;
  const f = Math.fround;
  const step = f(f(Math.log(10000)) / (half - 1));
  const angles = Float32Array.from({ length: half }, (_, i) => f(w * 1000) * f(Math.exp(f(i * -step))));
  return Float32Array.of(...angles.map(Math.sin), ...angles.map(Math.cos));
}

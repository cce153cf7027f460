import type { GenerationRequest } from '../protocol/calls.ts';
import type { Hires } from '../protocol/hires.ts';
import { acceptField, type Fields } from './fields.ts';
import type { Stores } from './stores.ts';

/** The form that makes this request: `toRequest` the other way round. What only shows along the way is left out. */
export function requestFields(request: GenerationRequest): Partial<Fields> {
  return {
    model: request.model,
    textEncoder: request.textEncoder ?? '',
    unet: request.unet ?? '',
    vae: request.vae ?? '',
    device: request.device,
    prompt: request.prompt,
    negative: request.negativePrompt,
    width: String(request.width),
    height: String(request.height),
    steps: String(request.numInferenceSteps),
    guidance: String(request.guidanceScale),
    rescale: String(request.guidanceRescale),
    guidanceStart: String(request.guidanceStart),
    guidanceEnd: String(request.guidanceEnd),
    clipSkip: String(request.clipSkip),
    eta: String(request.eta),
    noise: request.noise,
    seed: String(request.seed),
    images: String(request.numImages),
    sampler: request.scheduler,
    memory: request.memory,
    weights: request.bits === null ? 'full' : (`${request.bits}` as const),
    ...hiresFields(request.hires),
    ...(request.image && { strength: String(request.image.strength), fit: request.image.fit }),
  };
}

function hiresFields(hires: Hires | null): Partial<Fields> {
  if (!hires) return { hires: 'off' };
  const { upscaler, scale, strength, steps } = hires;
  return {
    hires: upscaler,
    hiresScale: String(scale),
    hiresStrength: String(strength),
    hiresSteps: String(steps),
  };
}

/**
 * Fills the form with what makes this request again, its seed locked, and with the picture it begins with. A mask stays
 * as long as the picture is the same.
 */
export async function restoreRequest(
  { settings, initImage }: Stores,
  request: GenerationRequest,
): Promise<void> {
  const accepted = Object.entries(requestFields(request)).filter(
    ([name, value]) => acceptField(name as keyof Fields, value) !== null,
  );
  settings.getState().apply({ fields: Object.fromEntries(accepted), refused: [], run: false });
  settings.getState().setSeedLocked(true);
  const { file, discard, take } = initImage.getState();
  const wanted = request.image?.file ?? null;
  if (wanted === null) discard();
  else if (file === null || !(await areSame(file, wanted))) await take(wanted);
}

async function areSame(a: Blob, b: Blob): Promise<boolean> {
  if (a === b || a.size !== b.size) return a === b;
  const [left, right] = await Promise.all([a.arrayBuffer(), b.arrayBuffer()]);
  const other = new Uint8Array(right);
  return new Uint8Array(left).every((byte, i) => byte === other[i]);
}

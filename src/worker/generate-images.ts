import type { ModelId } from '../catalog/models.ts';
import { type PreparedInitImage, prepareInitImage } from '../image/prepare-init-image.ts';
import { toImageBitmap } from '../image/read-image.ts';
import type { ControlFile } from '../loaders/control/control-file.ts';
import type { FoundIpAdapter } from '../loaders/ip-adapter/find-ip-adapters.ts';
import type { Model } from '../loaders/loader.ts';
import type { LoraFile } from '../loaders/weight-source.ts';
import type { Emit } from '../pipeline/events.ts';
import type { HiresRequest, PipelineRequest } from '../pipeline/pipeline-request.ts';
import type { stableDiffusion } from '../pipeline/stable-diffusion.ts';
import { type LoraTag, takeLoraTags } from '../prompt/lora-tags.ts';
import type { EmbeddingFile, GenerationRequest } from '../protocol/generation.ts';
import { hiresSize } from '../protocol/hires.ts';
import { alikeParts, type Part } from './alike-parts.ts';
import { readControlLayers } from './control-layers.ts';
import { createEta } from './eta.ts';
import { picturePng } from './picture-png.ts';
import { readPicturePrompts } from './picture-prompts.ts';
import { type CallContext, readMessages } from './serve.ts';
import type { Unfinished } from './unfinished.ts';

type Context = CallContext<'generate'>;
type SecondsLeft = ReturnType<typeof createEta>;

/** What a run needs of the worker. */
export interface GenerateWorld {
  /** The files of the LoRAs that a prompt names. */
  readonly findLoras: (tags: readonly LoraTag[]) => Promise<readonly LoraFile[]>;
  /** The ControlNets and T2I-Adapters of a run's layers. */
  readonly findControls: (ids: readonly ModelId[]) => Promise<readonly ControlFile[]>;
  /** The IP-Adapters of its picture prompts. */
  readonly findIpAdapters: (ids: readonly ModelId[]) => Promise<readonly FoundIpAdapter[]>;
  readonly pipeline: typeof stableDiffusion;
}

/**
 * Runs a request on its loaded model: chooses the words of its texts, prepares the LoRAs, the control layers, the picture prompts and the
 * picture to start from, and passes on what the pipeline emits.
 * @throws AppError unsupported-lora, unsupported-control, unsupported-ip-adapter, unsupported-image, and what the pipeline throws
 */
export async function generateImages(
  world: GenerateWorld,
  model: Model,
  request: GenerationRequest,
  context: Context,
  unfinished: Unfinished,
): Promise<void> {
  const parts = alikeParts(request);
  const secondsLeft = createEta(request, parts.length > 1);
  const files = await world.findControls(request.controls.map(({ model: id }) => id));
  const controls = await readControlLayers(request.controls, files);
  const adapters = await world.findIpAdapters(request.picturePrompts.map(({ adapter }) => adapter));
  const picturePrompts = await readPicturePrompts(request.picturePrompts, adapters);
  const shown = { controls, picturePrompts };
  for (const part of parts) await generatePart(world, model, part, shown, context, unfinished, secondsLeft);
}

async function generatePart(
  { findLoras, pipeline }: GenerateWorld,
  model: Model,
  { first: firstImage, request }: Part,
  shown: Pick<PipelineRequest, 'controls' | 'picturePrompts'>,
  context: Context,
  unfinished: Unfinished,
  secondsLeft: SecondsLeft,
): Promise<void> {
  const { text, loras, notes: tagNotes } = takeLoraTags(request.prompt);
  if (tagNotes.length > 0) context.progress({ stage: 'tags', notes: tagNotes });
  await model.setBits(request.bits);
  const { embeddings, notes: loraNotes } = await model.setLoras(await findLoras(loras));
  if (loraNotes.length > 0) context.progress({ stage: 'loras', notes: loraNotes });
  const first = request.image && (await prepareInitImage(request.image, request));
  const second = await prepareForHires(request, first);
  const hires: HiresRequest | null = request.hires && {
    ...request.hires,
    image: second?.initImage ?? null,
  };
  const initImage = hires ? second : first;
  unfinished.begin({ model, request, first: firstImage, initImage });
  const emit = emitTo({ first: firstImage, request }, initImage, context, secondsLeft);
  await pipeline(
    model,
    {
      ...request,
      prompt: text,
      embeddings: withBundled(request.embeddings, embeddings),
      image: first?.initImage ?? null,
      hires,
      ...shown,
    },
    (event) => {
      unfinished.note(event);
      return emit(event);
    },
    context.signal,
  );
}

/** A person's own embeddings, and those that LoRAs bring along under other names. */
export function withBundled(
  own: readonly EmbeddingFile[],
  bundled: readonly EmbeddingFile[],
): EmbeddingFile[] {
  const byToken = [...own, ...bundled].toReversed().map((embedding) => [embedding.token, embedding] as const);
  return [...new Map(byToken).values()].toReversed();
}

/** A picture that is kept in part, at the size of the second pass: there that part is put back. */
async function prepareForHires(
  { hires, image, width, height }: GenerationRequest,
  first: PreparedInitImage | null,
): Promise<PreparedInitImage | null> {
  if (!hires || !image || !first?.initImage.mask) return null;
  const size = { width, height };
  return prepareInitImage(image, size, hiresSize(size, hires.scale));
}

/** Turns the pipeline's events into the page's progress: pictures become bitmaps and files. */
function emitTo(
  { first, request }: Part,
  initImage: PreparedInitImage | null,
  { progress }: Context,
  secondsLeft: SecondsLeft,
): Emit {
  let last = performance.now();
  const { prompt, negativePrompt, template } = request;
  return async (ofPart) => {
    const event = 'image' in ofPart ? { ...ofPart, image: first + ofPart.image } : ofPart;
    await readMessages();
    if (event.stage === 'denoise') {
      const now = performance.now();
      const left = secondsLeft(event, now - last);
      last = now;
      const { stage, image, pass, step, steps } = event;
      const preview = await toImageBitmap(event.preview);
      progress({ stage, image, pass, step, steps, preview, secondsLeft: left }, [preview]);
      return;
    }
    if (event.stage === 'frame') {
      const picture = await toImageBitmap(event.picture);
      progress({ ...event, picture }, [picture]);
    } else if (event.stage === 'image') {
      const { image, seed } = event;
      const finished = (await initImage?.restoreUnmasked(event.picture)) ?? event.picture;
      const { width, height } = finished;
      const png = await picturePng(finished, request, seed, null);
      progress({
        stage: 'image',
        image,
        picture: { seed, texts: { prompt, negativePrompt, template }, width, height, png },
      });
    } else {
      progress(event);
    }
    last = performance.now();
  };
}

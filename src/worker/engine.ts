import { imageSize } from '../image/read-image.ts';
import type { ModelChoice } from '../loaders/find-model.ts';
import { countTokens } from '../loaders/load-model.ts';
import { readPictureSettings } from '../metadata/read-picture-settings.ts';
import { type LoraTag, takeLoraTags } from '../prompt/lora-tags.ts';
import type { CallName, Calls, TokenCounts, UpscaledImage } from '../protocol/calls.ts';
import { AppError, type ErrorCode } from '../protocol/errors.ts';
import { type EmbeddingFile, type GenerationResult, REQUEST_DEFAULTS } from '../protocol/generation.ts';
import { parseMapRequest } from '../protocol/map-request.ts';
import { parseRequest } from '../protocol/request.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { Lock } from '../runtime/session.ts';
import { createDevices, type DeviceWorld } from './devices.ts';
import { type GenerateWorld, generateImages, withBundled } from './generate-images.ts';
import type { LibraryCalls } from './library-calls.ts';
import type { MakeMap } from './make-map.ts';
import { createModelSlot, type ModelSlot, type ModelWorld } from './model-slot.ts';
import type { CallContext, Handlers } from './serve.ts';
import { createUnfinished } from './unfinished.ts';
import type { UpscaleFile } from './upscale-file.ts';

/** What the engine works with: real models and devices (main.ts), or a test's. */
export interface EngineWorld extends DeviceWorld, ModelWorld, GenerateWorld {
  readonly upscaleFile: UpscaleFile;
  readonly makeMap: MakeMap;
  readonly measureGpu: (runtime: Runtime, context: CallContext<'measureGpu'>) => Promise<void>;
  /** The textual inversions inside the LoRAs that a prompt names. */
  readonly findBundledEmbeddings: (tags: readonly LoraTag[]) => Promise<readonly EmbeddingFile[]>;
  readonly library: LibraryCalls;
}

/** The worker's calls. One picture is generated or upscaled at a time, or the GPU measured; the last model stays loaded. */
export function createEngine(world: EngineWorld): Handlers {
  const inTurn = createTurns();
  const devices = createDevices(world);
  const unfinished = createUnfinished();
  // What is unfinished needs its model.
  const slot = createModelSlot(world, devices, unfinished.forget);

  const generate = async (
    params: Calls['generate']['params'],
    context: CallContext<'generate'>,
  ): Promise<GenerationResult> => {
    const start = performance.now();
    const request = parseRequest(params);
    try {
      const { model } = await slot.load(request, context.progress);
      context.signal.throwIfAborted();
      await generateImages(world, model, request, context, unfinished);
      return { seconds: (performance.now() - start) / 1000 };
    } catch (error) {
      if (context.signal.aborted) unfinished.stop();
      else await resetAfter(error);
      throw error;
    }
  };

  /** What was loaded may be half broken, and a file that failed is to be fetched again. */
  const resetAfter = async (error: unknown) => {
    if (!isAboutRequest(error)) await slot.reset();
  };

  const keepStopped = async (context: CallContext<'keepStopped'>): Promise<undefined> => {
    try {
      await unfinished.keep(context.progress, context.signal);
    } catch (error) {
      if (!context.signal.aborted) await resetAfter(error);
      throw error;
    }
  };

  const upscale = (
    params: Calls['upscale']['params'],
    context: CallContext<'upscale'>,
  ): Promise<UpscaledImage> =>
    slot.withRuntime(params.device, context.signal, (runtime) => world.upscaleFile(params, context, runtime));

  const count = async ({
    model,
    texts,
    embeddings,
  }: Calls['countTokens']['params']): Promise<TokenCounts> => {
    const choice: ModelChoice = { ...REQUEST_DEFAULTS, model };
    const { source } = await slot.find(choice);
    const bundled = await world.findBundledEmbeddings(takeLoraTags(texts[0] ?? '').loras);
    return countTokens(source, texts, withBundled(embeddings, bundled));
  };

  return {
    ...world.library,
    probe: ({ again }) => devices.probe(again),
    countTokens: (params) =>
      count(params).catch((error: unknown) => {
        slot.forgetFiles();
        throw error;
      }),
    inspectImage: async ({ file }) => ({
      ...(await imageSize(file)),
      settings: await readPictureSettings(file),
    }),
    generate: (params, context) => inTurn(context, () => generate(params, context)),
    keepStopped: (_, context) => inTurn(context, () => keepStopped(context)),
    upscale: (params, context) => inTurn(context, () => upscale(params, context)),
    makeMap: (params, context) => makeMap(world, slot, inTurn, params, context),
    measureGpu: (_, context) => inTurn(context, () => measureGpu(world, slot, context)),
  };
}

/** Runs a job when those before it are over; a call that is stopped while it waits ends at once. */
function createTurns() {
  const lock = new Lock();
  return <T>(
    { signal, waits }: Pick<CallContext<CallName>, 'signal' | 'waits'>,
    job: () => Promise<T>,
  ): Promise<T> => {
    waits(true);
    return new Promise<T>((resolve, reject) => {
      const stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop);
      const turn = lock.run(async () => {
        signal.removeEventListener('abort', stop);
        signal.throwIfAborted();
        waits(false);
        return job();
      });
      turn.then(resolve, reject);
    });
  };
}

/** On a device of its own, without what is loaded: it needs the GPU's memory, and leaves none of it taken. */
async function measureGpu(
  { openRuntime, measureGpu: measure }: EngineWorld,
  slot: ModelSlot,
  context: CallContext<'measureGpu'>,
): Promise<undefined> {
  await slot.reset();
  const runtime = await openRuntime('webgpu');
  try {
    context.progress({ stage: 'device', device: runtime.usedDevice });
    await measure(runtime, context);
  } finally {
    runtime.dispose();
  }
}

/** What plain code makes needs no turn: a slider that is moved while a picture is being painted shows what it does. */
async function makeMap(
  world: EngineWorld,
  slot: ModelSlot,
  inTurn: ReturnType<typeof createTurns>,
  params: Calls['makeMap']['params'],
  context: CallContext<'makeMap'>,
): Promise<Calls['makeMap']['result']> {
  const request = parseMapRequest(params);
  if (request.model === null) return world.makeMap(request, context, null);
  return inTurn(context, () =>
    slot.withRuntime(request.device, context.signal, (runtime) => world.makeMap(request, context, runtime)),
  );
}

const ABOUT_REQUEST: readonly ErrorCode[] = [
  'invalid-request',
  'unsupported-embedding',
  'unsupported-lora',
  'unsupported-control',
  'unsupported-ip-adapter',
  'unsupported-image',
];

/** Whether only the request was wrong, and the model is as good as before. */
const isAboutRequest = (error: unknown) => error instanceof AppError && ABOUT_REQUEST.includes(error.code);

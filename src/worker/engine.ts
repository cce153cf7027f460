import { encodePng } from '../image/encode-png.ts';
import { type OpenedInitImage, openInitImage } from '../image/open-init-image.ts';
import { imageSize, toImageBitmap } from '../image/read-image.ts';
import { Components, type OnLoad } from '../loaders/components.ts';
import { findLoras } from '../loaders/find-loras.ts';
import { openTokenizer } from '../loaders/model-parts.ts';
import { choiceKey, type ModelChoice, type OpenedModel, openModel } from '../loaders/open-model.ts';
import { parametersText } from '../metadata/a1111.ts';
import { readPictureSettings } from '../metadata/read-picture-settings.ts';
import { SAFELIGHT_KEYWORD, settingsJson } from '../metadata/safelight.ts';
import type { PipelineEvent } from '../pipeline/events.ts';
import type { HiresRequest } from '../pipeline/hires.ts';
import { countTokens, readEmbeddings } from '../pipeline/prompt.ts';
import { stableDiffusion } from '../pipeline/stable-diffusion.ts';
import { takeLoraTags } from '../prompt/lora-tags.ts';
import type { Calls, TokenCounts, UpscaledImage } from '../protocol/calls.ts';
import type { DeviceChoice, DeviceReport, GpuFault } from '../protocol/device.ts';
import { AppError, type ErrorCode } from '../protocol/errors.ts';
import { type GenerationRequest, type GenerationResult, REQUEST_DEFAULTS } from '../protocol/generation.ts';
import { enlargedSize } from '../protocol/hires.ts';
import { parseRequest } from '../protocol/request.ts';
import { probeDevice } from '../runtime/device.ts';
import { Runtime } from '../runtime/runtime.ts';
import { Lock } from '../runtime/session.ts';
import { createLibrary } from './library.ts';
import { paceOf } from './seconds-left.ts';
import type { CallContext, Handlers } from './serve.ts';
import { upscaleFile } from './upscale.ts';

/** A model on a device, kept for the next request that wants the same. */
interface Loaded {
  /** As `choiceKey` names it. */
  readonly key: string;
  readonly runtime: Runtime;
  readonly components: Components;
}

/** The calls of the worker: one generation at a time, the last model kept. `root` is where models are served from. */
export function createEngine(root: URL): Handlers {
  const lock = new Lock();
  let loaded: Loaded | undefined;
  /** Why `auto` is the CPU although there is a GPU. */
  let gpuFault: GpuFault | undefined;
  let onLoad: OnLoad = () => {};

  /** The last model asked for. */
  let last: { readonly key: string; readonly opened: Promise<OpenedModel> } | undefined;
  const open = (key: string, choice: ModelChoice): Promise<OpenedModel> => {
    if (last?.key !== key) last = { key, opened: openModel(choice, root) };
    return last.opened;
  };

  const unload = async (): Promise<void> => {
    const { components, runtime } = loaded ?? {};
    loaded = undefined;
    try {
      await components?.release();
    } finally {
      runtime?.dispose();
    }
  };

  const probe = async (): Promise<DeviceReport> => {
    const report = await probeDevice();
    return gpuFault === undefined ? report : { ...report, auto: 'wasm', reason: gpuFault };
  };

  /** A GPU that fails its test is a fault when it was asked for by name; `auto` goes on with the CPU. */
  const openRuntime = async (choice: DeviceChoice, provider: 'webgpu' | 'wasm'): Promise<Runtime> => {
    try {
      return await Runtime.open(provider);
    } catch (error) {
      if (choice !== 'auto' || !(error instanceof AppError && error.code === 'wrong-numbers')) throw error;
      gpuFault = 'wrong-numbers';
      return Runtime.open('wasm');
    }
  };

  const load = async (request: GenerationRequest, { progress }: Context): Promise<Loaded> => {
    const { device } = request;
    const provider = device === 'auto' ? (await probe()).auto : device;
    const key = await choiceKey(request);
    if (loaded?.key === key && loaded.runtime.target.provider === provider) return loaded;
    await unload();
    const opening = openRuntime(device, provider);
    try {
      const [runtime, { source, preview, fetchAll }] = await Promise.all([opening, open(key, request)]);
      fetchAll((loadedBytes, totalBytes) => progress({ stage: 'download', loadedBytes, totalBytes }));
      const components = await Components.open(source, runtime, (name, part) => onLoad(name, part), preview);
      loaded = { key, runtime, components };
      return loaded;
    } catch (error) {
      await opening.then(
        (runtime) => runtime.dispose(),
        () => {},
      );
      throw error;
    }
  };

  const generate = async (params: GenerationRequest, context: Context): Promise<GenerationResult> => {
    const start = performance.now();
    const request = parseRequest(params);
    onLoad = (component, part) => context.progress({ stage: 'load', component, part });
    try {
      const { components, runtime } = await load(request, context);
      context.signal.throwIfAborted();
      const { text, loras } = takeLoraTags(request.prompt);
      await components.setBits(request.bits);
      await components.setLoras(await findLoras(loras));
      const opened = request.image && (await openInitImage(request.image, request));
      const enlarged = await openEnlarged(request, opened);
      const hires: HiresRequest | null = request.hires && { ...request.hires, image: enlarged?.init ?? null };
      await stableDiffusion(
        components,
        { ...request, prompt: text, image: opened?.init ?? null, hires },
        emitter(request, hires ? enlarged : opened, context),
        context.signal,
      );
      return { seconds: (performance.now() - start) / 1000, device: runtime.target.provider };
    } catch (error) {
      // What was loaded may be half broken, and a file that failed is asked for anew; a stop is not a fault.
      if (!context.signal.aborted && !isOfRequest(error)) {
        last = undefined;
        await unload().catch(() => {});
      }
      throw error;
    }
  };

  /** Beside a model that is loaded on the same device; else on a device of its own. */
  const upscale = async (
    params: Calls['upscale']['params'],
    context: CallContext<'upscale'>,
  ): Promise<UpscaledImage> => {
    const { device } = params;
    const provider = device === 'auto' ? (await probe()).auto : device;
    context.signal.throwIfAborted();
    if (loaded?.runtime.target.provider === provider) return upscaleFile(params, context, loaded.runtime);
    const runtime = await openRuntime(device, provider);
    try {
      return await upscaleFile(params, context, runtime);
    } finally {
      runtime.dispose();
    }
  };

  const count = async (params: Calls['countTokens']['params']): Promise<TokenCounts> => {
    try {
      const choice = { ...REQUEST_DEFAULTS, model: params.model };
      const { source } = await open(await choiceKey(choice), choice);
      const tokenizer = await openTokenizer(source.files, 'tokenizer');
      const embeddings = await readEmbeddings(params.embeddings);
      const texts = params.texts.map((text) => countTokens(tokenizer, takeLoraTags(text).text, embeddings));
      return { room: tokenizer.maxLength - 2, texts };
    } catch (error) {
      last = undefined;
      throw error;
    }
  };

  return {
    ...createLibrary(),
    probe,
    countTokens: count,
    inspectImage: async ({ file }) => ({
      ...(await imageSize(file)),
      settings: await readPictureSettings(file),
    }),
    generate: (params, context) => lock.run(() => generate(params, context)),
    upscale: (params, context) => lock.run(() => upscale(params, context)),
  };
}

type Context = CallContext<'generate'>;

/** Whether the request was at fault, and the model is as good as before. */
function isOfRequest(error: unknown): boolean {
  const codes: readonly ErrorCode[] = [
    'invalid-request',
    'unsupported-embedding',
    'unsupported-lora',
    'unsupported-image',
  ];
  return error instanceof AppError && codes.includes(error.code);
}

/** Of a picture that is kept in part, what it holds at the size that the second pass ends with. */
async function openEnlarged(
  { hires, image, width, height }: GenerationRequest,
  opened: OpenedInitImage | null,
): Promise<OpenedInitImage | null> {
  if (!hires || !image || !opened?.init.mask) return null;
  const size = { width, height };
  return openInitImage(image, size, enlargedSize(size, hires.scale));
}

/** The pipeline's events as the page gets them: pictures become bitmaps and files. */
function emitter(
  request: GenerationRequest,
  opened: OpenedInitImage | null,
  { progress }: Context,
): (event: PipelineEvent) => Promise<void> {
  let last = performance.now();
  const secondsLeft = paceOf(request);
  return async (event) => {
    // Lets an abort in: messages are not read while the engine computes.
    await new Promise((resolve) => setTimeout(resolve));
    if (event.stage === 'denoise') {
      const now = performance.now();
      const left = secondsLeft(event, now - last);
      last = now;
      const { stage, image, pass, step, steps } = event;
      const preview = await toImageBitmap(event.preview);
      progress({ stage, image, pass, step, steps, preview, secondsLeft: left }, [preview]);
    } else if (event.stage === 'frame') {
      const picture = await toImageBitmap(event.picture);
      progress({ ...event, picture }, [picture]);
      last = performance.now();
    } else if (event.stage === 'image') {
      const { image, seed } = event;
      const finished = (await opened?.finish(event.picture)) ?? event.picture;
      const { width, height } = finished;
      const png = await encodePng(finished, {
        parameters: parametersText(request, seed),
        [SAFELIGHT_KEYWORD]: settingsJson(request, seed),
      });
      progress({ stage: 'image', image, picture: { seed, width, height, png } });
      last = performance.now();
    } else {
      progress(event);
      last = performance.now();
    }
  };
}

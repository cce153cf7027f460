import type { FoundModel, ModelChoice } from '../loaders/find-model.ts';
import type { loadModel } from '../loaders/load-model.ts';
import type { Model } from '../loaders/loader.ts';
import type { OnLoad } from '../loaders/session-cache.ts';
import type { DeviceChoice } from '../protocol/device.ts';
import type { GenerationRequest } from '../protocol/generation.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Devices } from './devices.ts';
import type { CallContext } from './serve.ts';

type Progress = CallContext<'generate'>['progress'];

/** Where models come from. */
export interface ModelWorld {
  readonly findModel: (choice: ModelChoice) => Promise<FoundModel>;
  readonly choiceKey: (choice: ModelChoice) => Promise<string>;
  readonly loadModel: typeof loadModel;
}

/** A model on a device, kept for the next request that wants the same. */
export interface LoadedModel {
  readonly key: string;
  readonly runtime: Runtime;
  readonly model: Model;
}

/** The place for one loaded model. Calls that load, unload or use it must not overlap. */
export interface ModelSlot {
  /** The files of a model; those of the last model asked for are kept. */
  find(choice: ModelChoice): Promise<FoundModel>;
  /** Loads a request's model, unless it is loaded already. */
  load(request: GenerationRequest, progress: Progress): Promise<LoadedModel>;
  /** Lends the loaded model's device, or one that is opened for this use. */
  withRuntime<T>(
    device: DeviceChoice,
    signal: AbortSignal,
    use: (runtime: Runtime) => Promise<T>,
  ): Promise<T>;
  /** Finds the files again next time. */
  forgetFiles(): void;
  /** Unloads the model, and finds its files again next time. */
  reset(): Promise<void>;
}

/** The slot, empty at first. @param onUnload called when a model is about to go */
export function createModelSlot(world: ModelWorld, devices: Devices, onUnload = () => {}): ModelSlot {
  let loaded: LoadedModel | undefined;
  let found: { readonly key: string; readonly files: Promise<FoundModel> } | undefined;
  /** The current request's: a loaded model opens its components when they are first used. */
  let onLoad: OnLoad = () => {};

  const findByKey = (key: string, choice: ModelChoice): Promise<FoundModel> => {
    if (found?.key !== key) found = { key, files: world.findModel(choice) };
    return found.files;
  };

  const unload = async (): Promise<void> => {
    const { model, runtime } = loaded ?? {};
    loaded = undefined;
    onUnload();
    try {
      await model?.release();
    } finally {
      runtime?.dispose();
    }
  };

  const load = async (request: GenerationRequest, progress: Progress): Promise<LoadedModel> => {
    onLoad = (component, fraction) => progress({ stage: 'load', component, fraction });
    const provider = await devices.providerOf(request.device);
    const key = await world.choiceKey(request);
    const tell = ({ usedDevice }: Runtime) => progress({ stage: 'device', device: usedDevice });
    if (loaded?.key === key && loaded.runtime.target.provider === provider) {
      tell(loaded.runtime);
      return loaded;
    }
    await unload();
    const opening = devices.open(request.device, provider).then((runtime) => {
      tell(runtime);
      return runtime;
    });
    try {
      const [runtime, files] = await Promise.all([opening, findByKey(key, request)]);
      files.fetchAll((loadedBytes, totalBytes) => progress({ stage: 'download', loadedBytes, totalBytes }));
      const model = await world.loadModel(
        files.source,
        runtime,
        (component, fraction) => onLoad(component, fraction),
        files.previewVae,
      );
      loaded = { key, runtime, model };
      return loaded;
    } catch (error) {
      await opening.then(
        (runtime) => runtime.dispose(),
        () => {},
      );
      throw error;
    }
  };

  return {
    find: async (choice) => findByKey(await world.choiceKey(choice), choice),
    load,
    withRuntime: async (device, signal, use) => {
      const provider = await devices.providerOf(device);
      signal.throwIfAborted();
      if (loaded?.runtime.target.provider === provider) return use(loaded.runtime);
      const runtime = await devices.open(device, provider);
      try {
        return await use(runtime);
      } finally {
        runtime.dispose();
      }
    },
    forgetFiles: () => {
      found = undefined;
    },
    reset: async () => {
      found = undefined;
      await unload().catch(() => {});
    },
  };
}

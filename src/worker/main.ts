import '../protocol/trusted-types.ts';
import { Library } from '../hub/library.ts';
import { tilesOf } from '../hub/tile-store.ts';
import { findControls } from '../loaders/control/find-controls.ts';
import { findBundledEmbeddings, findLoras } from '../loaders/find-loras.ts';
import { choiceKey, findModel } from '../loaders/find-model.ts';
import { findIpAdapters } from '../loaders/ip-adapter/find-ip-adapters.ts';
import { loadModel } from '../loaders/load-model.ts';
import { stableDiffusion } from '../pipeline/stable-diffusion.ts';
import { ROOT } from '../protocol/root.ts';
import { webLocks } from '../protocol/web-locks.ts';
import { createRequestAdapter, probeDevice } from '../runtime/device.ts';
import { Runtime } from '../runtime/runtime.ts';
import { createEngine } from './engine.ts';
import { createLibraryCalls } from './library-calls.ts';
import { createMakeMap } from './make-map.ts';
import { holdLife, serve } from './serve.ts';
import { createUpscaleFile } from './upscale-file.ts';

let opened: Promise<Library> | undefined;
/** Opens the library once; when the browser refused, it is asked again the next time. */
const openLibrary = (): Promise<Library> => {
  opened ??= Library.open().catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
};
const requestAdapter = createRequestAdapter();
const places = { root: ROOT, openLibrary };

const engine = createEngine({
  probeDevice: () => probeDevice(requestAdapter),
  openRuntime: (provider) => Runtime.open(provider, requestAdapter, tilesOf),
  findModel: (choice) => findModel(choice, places),
  choiceKey: (choice) => choiceKey(choice, places),
  loadModel,
  findLoras: (tags) => findLoras(openLibrary, tags),
  findControls: (ids) => findControls(openLibrary, ids),
  findIpAdapters: (ids) => findIpAdapters(openLibrary, ids),
  findBundledEmbeddings: (tags) => findBundledEmbeddings(openLibrary, tags),
  pipeline: stableDiffusion,
  upscaleFile: createUpscaleFile(openLibrary),
  makeMap: createMakeMap(openLibrary),
  measureGpu: async (runtime, context) =>
    (await import('../measure/measure-gpu.ts')).measureGpu(runtime, context),
  library: createLibraryCalls(openLibrary),
});

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
serve(scope, engine);
holdLife(scope, webLocks(), scope.name);

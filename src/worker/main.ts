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
import { startNoThreads } from '../runtime/ort.ts';
import { Runtime } from '../runtime/runtime.ts';
import { createEngine } from './engine.ts';
import { createLibraryCalls } from './library-calls.ts';
import { createMakeMap } from './make-map.ts';
import { createRemoveBackground } from './remove-background.ts';
import { createSegmenting } from './segment-picture.ts';
import { holdLife, serve, tellOfThreads } from './serve.ts';
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

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
const onThreads = (isStarting: boolean) => tellOfThreads(scope, isStarting);
const openRuntime = (provider: 'webgpu' | 'wasm') =>
  Runtime.open(provider, requestAdapter, tilesOf, onThreads);

const engine = createEngine({
  probeDevice: () => probeDevice(requestAdapter),
  openRuntime,
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
  removeBackground: createRemoveBackground(openLibrary),
  segmenting: createSegmenting(openLibrary, openRuntime),
  measureGpu: async (runtime, context) =>
    (await import('../measure/measure-gpu.ts')).measureGpu(runtime, context),
  library: createLibraryCalls(openLibrary),
});

serve(scope, engine, startNoThreads, holdLife(scope, webLocks(), scope.name));

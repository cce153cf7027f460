// Which folder may import which, and which package: the tables of floors.test.ts. They are exact: what they allow is used, or the test
// fails. `npm run floors` prints what imports what.

export type Table = Readonly<Record<string, readonly string[]>>;

/** The house: a folder may import from itself and from the folders named here, nothing else of ours. */
export const FLOORS: Table = {
  catalog: [],
  numerics: [],
  graph: ['numerics'],
  onnx: ['graph', 'numerics'],
  kernels: ['numerics'],
  gpu: ['graph', 'kernels', 'numerics'],
  tokenizer: [],
  protocol: ['catalog'],
  metadata: ['protocol', 'catalog'],
  prompt: ['tokenizer', 'numerics', 'protocol'],
  checkpoint: ['numerics', 'graph', 'protocol'],
  schedulers: ['numerics', 'catalog', 'protocol'],
  models: ['numerics', 'graph', 'checkpoint'],
  runtime: ['graph', 'onnx', 'gpu', 'protocol'],
  measure: ['numerics', 'graph', 'gpu', 'checkpoint', 'models', 'runtime', 'protocol'],
  hub: ['protocol', 'catalog'],
  image: ['numerics', 'metadata', 'protocol'],
  loaders: [
    ...['catalog', 'numerics', 'graph', 'onnx', 'tokenizer', 'prompt', 'protocol', 'checkpoint'],
    ...['schedulers', 'models', 'runtime', 'hub', 'image'],
  ],
  pipeline: ['catalog', 'numerics', 'prompt', 'protocol', 'schedulers', 'image', 'loaders'],
  worker: [
    ...['pipeline', 'loaders', 'measure', 'image', 'metadata', 'prompt', 'hub', 'runtime'],
    ...['protocol', 'catalog'],
  ],
  experiments: ['catalog', 'protocol'],
  client: ['protocol'],
  storage: ['experiments', 'metadata', 'protocol', 'catalog'],
  pwa: ['protocol'],
  state: ['client', 'storage', 'experiments', 'metadata', 'pwa', 'catalog', 'protocol'],
  ui: ['state', 'storage', 'experiments', 'metadata', 'pwa', 'catalog', 'protocol'],
};

/** The rooms of the three largest folders, in the same way; the folder's own name stands for the files directly in it. */
export const ROOMS: Table = {
  'metadata/containers': [],
  'metadata/settings': [],
  'metadata/comfyui': ['metadata/settings'],
  'metadata/a1111': ['metadata/settings', 'metadata/comfyui'],
  'metadata/tools': ['metadata/settings', 'metadata/comfyui'],
  metadata: [
    ...['metadata/containers', 'metadata/settings', 'metadata/comfyui', 'metadata/a1111', 'metadata/tools'],
  ],
  'state/page': [],
  'state/device': [],
  'state/form': [],
  'state/gallery': [],
  'state/jobs': [],
  state: ['state/page', 'state/device', 'state/form', 'state/gallery', 'state/jobs'],
  'state/actions': ['state', 'state/device', 'state/form', 'state/jobs'],
  'ui/texts': [],
  'ui/page': [],
  'ui/widgets': ['ui/texts', 'ui/page'],
  'ui/queue': ['ui/texts', 'ui/page', 'ui/widgets'],
  'ui/upscale': ['ui/texts', 'ui/page', 'ui/widgets'],
  'ui/create/known': ['ui/texts', 'ui/page'],
  'ui/create/styles': ['ui/texts', 'ui/page', 'ui/widgets'],
  'ui/create/prompt': ['ui/texts', 'ui/page', 'ui/widgets', 'ui/create/known', 'ui/create/styles'],
  'ui/create/start-image': ['ui/texts', 'ui/page', 'ui/widgets', 'ui/create/prompt'],
  'ui/create/control': ['ui/texts', 'ui/page', 'ui/widgets', 'ui/create/start-image'],
  'ui/create/picture-prompts': ['ui/texts', 'ui/page', 'ui/widgets', 'ui/create/control'],
  'ui/create/options': [
    ...['ui/texts', 'ui/page', 'ui/widgets', 'ui/create/start-image', 'ui/create/control'],
    'ui/create/picture-prompts',
  ],
  'ui/compare': ['ui/texts', 'ui/page', 'ui/widgets'],
  'ui/create/easel': [
    ...['ui/texts', 'ui/page', 'ui/widgets', 'ui/create/prompt', 'ui/upscale', 'ui/queue', 'ui/compare'],
  ],
  'ui/experiments': ['ui/texts', 'ui/page', 'ui/widgets', 'ui/compare'],
  'ui/gallery': ['ui/texts', 'ui/page', 'ui/widgets', 'ui/upscale', 'ui/compare'],
  'ui/about': ['ui/texts', 'ui/page', 'ui/widgets'],
  'ui/models': ['ui/texts', 'ui/page', 'ui/widgets'],
  ui: [
    ...['ui/texts', 'ui/page', 'ui/widgets', 'ui/queue', 'ui/experiments', 'ui/gallery', 'ui/models'],
    ...['ui/create/prompt', 'ui/create/options', 'ui/create/easel', 'ui/about'],
  ],
};

/** What the tests of a folder import beside that; `e2e` is the folder beside src. */
export const TEST_FLOORS: Table = {
  checkpoint: ['onnx', 'loaders'],
  graph: ['onnx'],
  gpu: ['checkpoint', 'models', 'protocol'],
  models: ['onnx', 'runtime', 'protocol'],
  pipeline: ['hub', 'runtime', 'graph'],
  experiments: ['loaders', 'pipeline', 'runtime'],
  client: ['worker'],
  hub: ['e2e'],
  loaders: ['e2e', 'gpu', 'measure'],
  fuzz: [
    ...['loaders', 'schedulers', 'protocol', 'metadata', 'checkpoint', 'hub', 'graph', 'onnx'],
    ...['numerics', 'tokenizer', 'storage', 'state', 'image', 'prompt', 'experiments', 'catalog', 'ui'],
  ],
};

/** The one way up: the page starts the worker by its URL. */
export const UPWARDS = ['client/start-worker.ts worker/main.ts'];

/** Packages, and globals of the Web, with the folders or files that alone use them. */
export const DOORS: Table = {
  'onnxruntime-web': ['runtime'],
  '@huggingface/tokenizers': ['tokenizer'],
  idb: ['storage'],
  'hash-wasm': ['hub'],
  'image-size': ['image'],
  fflate: ['storage', 'ui/experiments'],
  gifenc: ['ui/create/easel'],
  papaparse: ['state/form'],
  '@github/combobox-nav': ['ui/create/prompt'],
  'textarea-caret': ['ui/create/prompt'],
  '@tanstack/react-virtual': ['ui/gallery'],
  react: ['ui'],
  'react-dom': ['ui'],
  zustand: ['state', 'ui'],
  'workbox-precaching': ['pwa'],
  'workbox-routing': ['pwa'],
  'workbox-strategies': ['pwa'],
};
/** The folders whose tests go through a door too. */
export const TEST_DOORS: Table = {
  fflate: ['state/gallery', 'fuzz'],
  'onnxruntime-web': ['graph', 'onnx', 'models', 'checkpoint'],
};
export const FREE = ['valibot']; // Packages that any folder may use.

/** The origin private file system, caches, the GPU; messages to the worker, the service worker and other tabs. */
export const WEB_DOORS: Table = {
  // The page only looks whether there is anything of 0.1.
  '.getDirectory': ['hub', 'storage/migrate.ts'],
  '.createWritable': [], // WebKit builds have none.
  'Date.now': ['hub', 'loaders/install', 'state'], // Moments. A duration is of performance.now: clocks are set.
  'caches.': ['pwa'],
  'navigator.gpu': ['runtime'],
  // Only for what we or safetensors have written: the JSON of other programs is read by `parsePythonJson`.
  'JSON.parse': ['protocol/python-json.ts', 'checkpoint/safetensors.ts', 'checkpoint/lora/config.ts'],
  '.parseJson': ['hub/model-row.ts', 'hub/tile-store.ts', 'storage/settings-storage.ts'],
  '.postMessage': [
    'client/client.ts',
    'client/worker-end.ts',
    'worker/serve.ts',
    'pwa/register.ts',
    'protocol/tab-channel.ts',
  ],
};

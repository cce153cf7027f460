import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSources, type Source } from './read-sources.ts';
import { ringsIn } from './rings-in.ts';

// Which folder may import which, and which package. The tables are exact: what they allow is used, or the test fails.
// `npm run floors` prints what imports what.

type Table = Readonly<Record<string, readonly string[]>>;

/** The house: a folder may import from itself and from the folders named here, nothing else of ours. */
const FLOORS: Table = {
  catalog: [],
  numerics: [],
  graph: ['numerics'],
  onnx: ['graph', 'numerics'],
  kernels: ['numerics'],
  gpu: ['graph', 'kernels', 'numerics'],
  tokenizer: [],
  protocol: ['catalog'],
  metadata: ['protocol', 'catalog'],
  prompt: ['tokenizer', 'protocol'],
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
  pipeline: ['catalog', 'numerics', 'graph', 'prompt', 'protocol', 'schedulers', 'image', 'loaders'],
  worker: [
    ...['pipeline', 'loaders', 'measure', 'image', 'metadata', 'prompt', 'hub', 'runtime'],
    ...['protocol', 'catalog'],
  ],
  experiments: ['protocol'],
  client: ['protocol'],
  storage: ['experiments', 'metadata', 'protocol', 'catalog'],
  pwa: ['protocol'],
  state: ['client', 'storage', 'experiments', 'metadata', 'pwa', 'catalog', 'protocol'],
  ui: ['state', 'storage', 'experiments', 'metadata', 'pwa', 'catalog', 'protocol'],
};

/** The rooms of the three largest folders, in the same way; the folder's own name stands for the files directly in it. */
const ROOMS: Table = {
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
  'ui/create/prompt': ['ui/texts', 'ui/page', 'ui/widgets'],
  'ui/create/start-image': ['ui/texts', 'ui/page', 'ui/widgets', 'ui/create/prompt'],
  'ui/create/options': ['ui/texts', 'ui/page', 'ui/widgets', 'ui/create/start-image'],
  'ui/create/easel': ['ui/texts', 'ui/page', 'ui/widgets', 'ui/create/prompt', 'ui/upscale', 'ui/queue'],
  'ui/experiments': ['ui/texts', 'ui/page', 'ui/widgets'],
  'ui/gallery': ['ui/texts', 'ui/page', 'ui/widgets', 'ui/upscale'],
  'ui/about': ['ui/texts', 'ui/page', 'ui/widgets'],
  'ui/models': ['ui/texts', 'ui/page', 'ui/widgets'],
  ui: [
    ...['ui/texts', 'ui/page', 'ui/widgets', 'ui/queue', 'ui/experiments', 'ui/gallery', 'ui/models'],
    ...['ui/create/prompt', 'ui/create/options', 'ui/create/easel', 'ui/about'],
  ],
};

/** What the tests of a folder import beside that; `e2e` is the folder beside src. */
const TEST_FLOORS: Table = {
  checkpoint: ['onnx', 'loaders'],
  graph: ['onnx'],
  gpu: ['checkpoint', 'models', 'protocol'],
  models: ['onnx', 'runtime', 'protocol'],
  pipeline: ['hub', 'runtime'],
  experiments: ['loaders', 'pipeline', 'runtime'],
  client: ['worker'],
  hub: ['e2e'],
  loaders: ['e2e', 'gpu'],
  fuzz: [
    ...['loaders', 'schedulers', 'protocol', 'metadata', 'checkpoint', 'hub', 'graph'],
    ...['numerics', 'tokenizer', 'storage', 'state', 'image', 'prompt', 'experiments', 'catalog', 'ui'],
  ],
};

/** The one way up: the page starts the worker by its URL. */
const UPWARDS = ['client/start-worker.ts worker/main.ts'];

/** Packages, and globals of the Web, with the folders or files that alone use them. */
const DOORS: Table = {
  'onnxruntime-web': ['runtime'],
  '@huggingface/tokenizers': ['tokenizer'],
  idb: ['storage'],
  'hash-wasm': ['hub'],
  'image-size': ['image'],
  fflate: ['storage', 'ui/experiments'],
  gifenc: ['ui/create/easel'],
  '@tanstack/react-virtual': ['ui/gallery'],
  react: ['ui'],
  'react-dom': ['ui'],
  zustand: ['state', 'ui'],
  'workbox-precaching': ['pwa'],
  'workbox-routing': ['pwa'],
  'workbox-strategies': ['pwa'],
};
/** The folders whose tests go through a door too. */
const TEST_DOORS: Table = {
  fflate: ['state/gallery', 'fuzz'],
  'onnxruntime-web': ['graph', 'onnx', 'models', 'checkpoint'],
};
/** Packages that any folder may use. */
const FREE = ['valibot'];

/** The origin private file system, caches, the GPU; messages to the worker, the service worker and other tabs. */
const WEB_DOORS: Table = {
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

const sources = readSources().filter(({ path }) => path.includes('/'));
const code = sources.filter(({ isTest }) => !isTest);
const tests = sources.filter(({ isTest }) => isTest);

const folderOf = (path: string) => path.replace(/^\.\.\//, '').split('/')[0] as string;
/** `ui/create/easel/Easel.tsx` → `ui/create/easel`, `state/stores.ts` → `state`. */
const roomOf = (path: string) =>
  path
    .split('/')
    .slice(0, -1)
    .join('/')
    .replace(/\/(golden|samples)(\/.*)?$/, '');
const hasRooms = (path: string) => /^(ui|state|metadata)\//.test(path);
const within = (path: string, place: string) => path === place || path.startsWith(`${place}/`);

interface Import {
  readonly from: string;
  readonly to: string;
}

const importsOf = (files: readonly Source[]): Import[] =>
  files.flatMap(({ path, imports }) => imports.map((to) => ({ from: path, to })));

/** Those between two places that the table does not allow. */
function forbidden(
  imports: readonly Import[],
  placeOf: (path: string) => string,
  ...tables: Table[]
): string[] {
  return imports
    .map(({ from, to }) => ({ from, to, place: placeOf(from), target: placeOf(to) }))
    .filter(
      ({ place, target }) => place !== target && !tables.some((table) => table[place]?.includes(target)),
    )
    .filter(({ from, to }) => !UPWARDS.includes(`${from} ${to}`))
    .map(({ from, to }) => `${from} imports ${to}`);
}

/** What a table allows and nobody does. */
function unused(imports: readonly Import[], placeOf: (path: string) => string, table: Table): string[] {
  const used = new Set(imports.map(({ from, to }) => `${placeOf(from)} ${placeOf(to)}`));
  return Object.entries(table).flatMap(([place, targets]) =>
    targets
      .filter((target) => !used.has(`${place} ${target}`))
      .map((target) => `${place} may import ${target}`),
  );
}

const inRooms = (imports: readonly Import[]) =>
  imports.filter(({ from, to }) => hasRooms(from) && folderOf(from) === folderOf(to));

test('every folder and every room has a row', () => {
  expect(code.map(({ path }) => folderOf(path)).filter((folder) => !(folder in FLOORS))).toEqual([]);
  const rooms = code.filter(({ path }) => hasRooms(path)).map(({ path }) => roomOf(path));
  expect(rooms.filter((room) => !(room in ROOMS))).toEqual([]);
});

test('a file imports only what its folder and its room allow', () => {
  expect(forbidden(importsOf(code), folderOf, FLOORS)).toEqual([]);
  expect(forbidden(inRooms(importsOf(code)), roomOf, ROOMS)).toEqual([]);
});

test('a test imports only what its folder and its room allow, and what tests may use beside that', () => {
  expect(forbidden(importsOf(tests), folderOf, FLOORS, TEST_FLOORS)).toEqual([]);
  expect(forbidden(inRooms(importsOf(tests)), roomOf, ROOMS)).toEqual([]);
});

test('what the tables allow is used', () => {
  expect(unused(importsOf(code), folderOf, FLOORS)).toEqual([]);
  expect(unused(inRooms(importsOf(code)), roomOf, ROOMS)).toEqual([]);
  expect(unused(importsOf(tests), folderOf, TEST_FLOORS)).toEqual([]);
});

test('no folders, rooms or files import each other in a ring', () => {
  const files = Object.fromEntries(sources.map(({ path, imports }) => [path, imports]));
  expect([...ringsIn(FLOORS), ...ringsIn(ROOMS), ...ringsIn(files)]).toEqual([]);
});

type Uses = (source: Source, name: string) => boolean;
const importsPackage: Uses = ({ packages }, name) => packages.includes(name);
const usesMember: Uses = ({ members }, name) =>
  members.some((member) => (name.endsWith('.') ? member.startsWith(name) : member.endsWith(name)));

const usersOf = (files: readonly Source[], name: string, uses: Uses) =>
  files.filter((source) => uses(source, name)).map(({ path }) => path);

/** Files that use what is behind a door, but are not in its list. */
function strangers(files: readonly Source[], uses: Uses, doors: Table, more: Table = {}): string[] {
  return Object.entries(doors).flatMap(([name, places]) =>
    usersOf(files, name, uses)
      .filter((path) => ![...places, ...(more[name] ?? [])].some((place) => within(path, place)))
      .map((path) => `${path} uses ${name}`),
  );
}

/** Places in the list of a door that do not use what is behind it. */
function unusedDoors(files: readonly Source[], uses: Uses, doors: Table): string[] {
  return Object.entries(doors).flatMap(([name, places]) =>
    places
      .filter((place) => !usersOf(files, name, uses).some((path) => within(path, place)))
      .map((place) => `${place} does not use ${name}`),
  );
}

test('packages and globals of the Web are used only behind their doors', () => {
  expect(strangers(code, importsPackage, DOORS)).toEqual([]);
  expect(strangers(code, usesMember, WEB_DOORS)).toEqual([]);
  // A test reads what golden scripts have written.
  const { 'JSON.parse': _, ...others } = WEB_DOORS;
  expect(strangers(tests, usesMember, others)).toEqual([]);
  expect(strangers(tests, importsPackage, DOORS, TEST_DOORS)).toEqual([]);
});

test('every place that a door allows uses it', () => {
  expect(unusedDoors(code, importsPackage, DOORS)).toEqual([]);
  expect(unusedDoors(code, usesMember, WEB_DOORS)).toEqual([]);
  expect(unusedDoors(tests, importsPackage, TEST_DOORS)).toEqual([]);
});

test('every dependency has a door or is free, and every door is a dependency', () => {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'),
  ) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
  const known = [...Object.keys(DOORS), ...FREE];
  const needed = [...Object.keys(dependencies), ...code.flatMap(({ packages }) => packages)];
  expect(needed.filter((name) => !known.includes(name))).toEqual([]);
  expect(known.filter((name) => !(name in dependencies || name in devDependencies))).toEqual([]);
});

test.runIf(process.env.MODE === 'print')('the imports', () => {
  const print = (
    title: string,
    imports: readonly Import[],
    placeOf: (path: string) => string,
    table: Table,
  ) => {
    console.log(title);
    for (const place of Object.keys(table)) {
      const targets = imports.filter(({ from }) => placeOf(from) === place).map(({ to }) => placeOf(to));
      const others = [...new Set(targets)].filter((target) => target !== place).sort();
      if (others.length > 0) console.log(`  ${place} → ${others.join(' ')}`);
    }
  };
  print('Folders', importsOf(code), folderOf, FLOORS);
  print('Rooms', inRooms(importsOf(code)), roomOf, ROOMS);
  print(
    'Tests, beside that',
    importsOf(tests).filter(({ from, to }) => !FLOORS[folderOf(from)]?.includes(folderOf(to))),
    folderOf,
    TEST_FLOORS,
  );
});

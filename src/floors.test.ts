import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

/** The house: a folder may import from itself and from the folders named here, nothing else of ours. */
const FLOORS: Record<string, readonly string[]> = {
  catalog: [],
  numerics: [],
  graph: ['numerics'],
  onnx: ['graph', 'numerics'],
  tokenizer: [],
  protocol: ['catalog'],
  metadata: ['protocol', 'catalog'],
  prompt: ['tokenizer'],
  checkpoint: ['numerics', 'graph', 'protocol'],
  schedulers: ['numerics', 'catalog', 'protocol'],
  models: ['numerics', 'graph', 'checkpoint', 'protocol'],
  runtime: ['graph', 'onnx', 'protocol'],
  hub: ['protocol', 'catalog'],
  image: ['numerics', 'metadata', 'protocol'],
  loaders: [
    'catalog',
    'numerics',
    'graph',
    'onnx',
    'tokenizer',
    'prompt',
    'protocol',
    'checkpoint',
    'schedulers',
    'models',
    'runtime',
    'hub',
    'image',
  ],
  pipeline: [
    'catalog',
    'numerics',
    'graph',
    'prompt',
    'protocol',
    'checkpoint',
    'schedulers',
    'models',
    'runtime',
    'hub',
    'image',
    'loaders',
    'tokenizer',
  ],
  worker: ['pipeline', 'loaders', 'image', 'metadata', 'prompt', 'hub', 'runtime', 'protocol', 'catalog'],
  experiments: ['protocol', 'catalog'],
  client: ['protocol', 'catalog'],
  storage: ['experiments', 'metadata', 'protocol', 'catalog'],
  pwa: [],
  state: ['client', 'storage', 'experiments', 'metadata', 'pwa', 'catalog', 'protocol'],
  ui: ['state', 'storage', 'experiments', 'metadata', 'pwa', 'catalog', 'protocol'],
};

/** Packages with one door: only these folders import them. */
const DOORS: Record<string, readonly string[]> = {
  'onnxruntime-web': ['runtime'],
  '@huggingface/tokenizers': ['tokenizer'],
  idb: ['storage'],
  react: ['ui'],
  'react-dom': ['ui'],
  zustand: ['state', 'ui'],
};

const SRC = import.meta.dirname;

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) ? [path] : [];
  });
}

function imports(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  const pattern =
    /(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+|new URL\(\s*(?=['"][^'"]+\.ts['"]))['"]([^'"]+)['"]/g;
  return [...text.matchAll(pattern)].map((match) => match[1] as string);
}

const folderOf = (path: string) => relative(SRC, path).split('/')[0] as string;
const files = Object.keys(FLOORS).flatMap((folder) => sources(join(SRC, folder)));

test('every folder of src has a floor', () => {
  const folders = readdirSync(SRC).filter((name) => statSync(join(SRC, name)).isDirectory());
  expect(folders.filter((name) => !(name in FLOORS))).toEqual([]);
});

test('a file imports only from the floors below it', () => {
  const faults = files.flatMap((path) =>
    imports(path)
      .filter((target) => target.startsWith('.'))
      .map((target) => folderOf(resolve(dirname(path), target)))
      .filter((target) => target !== folderOf(path) && !FLOORS[folderOf(path)]?.includes(target))
      // The one way up: the page starts the worker by its URL.
      .filter((target) => !(relative(SRC, path) === 'client/start-worker.ts' && target === 'worker'))
      .map((target) => `${relative(SRC, path)} imports ${target}/`),
  );
  expect(faults).toEqual([]);
});

test('a package behind a door is imported only there', () => {
  const faults = files.flatMap((path) =>
    imports(path)
      .map((target) =>
        target
          .split('/')
          .slice(0, target.startsWith('@') ? 2 : 1)
          .join('/'),
      )
      .filter((name) => name in DOORS && !DOORS[name]?.includes(folderOf(path)))
      .map((name) => `${relative(SRC, path)} imports ${name}`),
  );
  expect(faults).toEqual([]);
});

test('the table has no ring', () => {
  const below = (folder: string, seen: readonly string[]): void => {
    if (seen.includes(folder)) throw new Error(`ring: ${[...seen, folder].join(' → ')}`);
    for (const next of FLOORS[folder] ?? []) below(next, [...seen, folder]);
  };
  for (const folder of Object.keys(FLOORS)) below(folder, []);
});

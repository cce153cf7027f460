import * as v from 'valibot';
import { AppError, type Fault, unsupportedModel } from '../../protocol/errors.ts';
import type { RepoFile, SwappableComponent } from '../../protocol/models.ts';
import { loaderOf } from '../pipelines.ts';
import {
  BACKGROUND_GRAPH,
  backgroundModelType,
  classOfConfig,
  DEPTH_FILES,
  DEPTH_MODEL_TYPE,
  INDEX_FILE,
  isTextEncoder,
  PREPROCESSOR_FILE,
  readModelIndex,
  refuseScheduler,
  SCHEDULER_FILE,
  SEGMENTER_CLASS,
  SEGMENTER_GRAPHS,
  TOKENIZER_FILES,
  tokenizerFolder,
  UPSCALER_CLASS,
  UPSCALER_GRAPHS,
  weightStem,
} from '../repository-layout.ts';
import { SHARD_INDEXES } from '../weight-files.ts';

/**
 * The files of a diffusers repository that a run needs: configurations, vocabularies, and one variant of each component's
 * weights. Pickles are never chosen.
 * @param index what model_index.json says
 * @param preferHalf takes the fp16 files where a repository has both; otherwise the full ones
 * @throws AppError unsupported-model, naming what is missing or of another kind
 */
export function chooseFiles(files: readonly RepoFile[], index: unknown, preferHalf: boolean): RepoFile[] {
  const modelIndex = readModelIndex(index);
  refuseScheduler(modelIndex);
  const components = loaderOf(modelIndex).components(modelIndex);
  const required = requiredIn(files);
  const tokenizers = components.filter(isTextEncoder).map(tokenizerFolder);
  return [
    required(INDEX_FILE),
    required(SCHEDULER_FILE),
    ...tokenizerFiles(files, tokenizers),
    ...components.flatMap((name) => [
      required(`${name}/config.json`),
      ...weightFiles(files, `${name}/`, name, preferHalf),
    ]),
  ];
}

/**
 * Finds files by their paths.
 * @throws AppError unsupported-model, from the returned function, for a file that isn't there
 */
export function requiredIn(files: readonly RepoFile[]): (path: string) => RepoFile {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return (path) => {
    const file = byPath.get(path);
    if (!file) throw missingFile(path);
    return file;
  };
}

/** Those files of some tokenizers that are there. */
export function tokenizerFiles(files: readonly RepoFile[], folders: readonly string[]): RepoFile[] {
  const wanted = folders.flatMap((folder) =>
    Object.values(TOKENIZER_FILES).map((name) => `${folder}/${name}`),
  );
  return wanted.flatMap((path) => files.filter((file) => file.path === path));
}

/**
 * The files of a component that is a repository by itself: config.json and its weights at the root.
 * @throws AppError unsupported-model
 */
export function chooseComponentFiles(
  files: readonly RepoFile[],
  config: RepoFile,
  component: SwappableComponent | 'controlnet',
  preferHalf: boolean,
): RepoFile[] {
  return [config, ...weightFiles(files, '', component, preferHalf)];
}

const DepthConfig = v.object({ model_type: v.literal(DEPTH_MODEL_TYPE) });

/**
 * The files of a model that estimates depth, for onnxruntime: two configurations and its graph in full precision.
 * @param config what config.json says
 * @returns null for all other repositories
 * @throws AppError unsupported-model for such a model without its graph
 */
export function chooseDepthFiles(files: readonly RepoFile[], config: unknown): RepoFile[] | null {
  return v.is(DepthConfig, config) ? Object.values(DEPTH_FILES).map(requiredIn(files)) : null;
}

/**
 * The files of an upscaler for onnxruntime: config.json and its graph.
 * @param config what config.json says
 * @returns null for a repository that isn't an upscaler
 * @throws AppError unsupported-model for an upscaler without such a graph
 */
export function chooseUpscalerFiles(files: readonly RepoFile[], config: unknown): RepoFile[] | null {
  if (classOfConfig(config) !== UPSCALER_CLASS) return null;
  const find = (path: string) => files.find((file) => file.path === path);
  const graph = UPSCALER_GRAPHS.map(find).find((file) => file !== undefined);
  const own = find('config.json');
  if (!graph || !own) throw missingFile('onnx/model.onnx');
  return [own, graph];
}

/**
 * The files of a model that finds things in a picture, or removes its background: two configurations and the graphs.
 * @param config what config.json says
 * @returns null for all other repositories
 * @throws AppError unsupported-model for such a model without its graphs
 */
export function chooseSegmenterFiles(
  files: readonly RepoFile[],
  config: unknown,
): { readonly type: 'segmenter' | 'background_removal'; readonly files: RepoFile[] } | null {
  const of = (...paths: string[]) => ['config.json', PREPROCESSOR_FILE, ...paths].map(requiredIn(files));
  if (classOfConfig(config) === SEGMENTER_CLASS)
    return { type: 'segmenter', files: of(SEGMENTER_GRAPHS.encoder, SEGMENTER_GRAPHS.decoder) };
  if (!backgroundModelType(config)) return null;
  return { type: 'background_removal', files: of(BACKGROUND_GRAPH) };
}

/** The file of one component's weights, or its shards and their index. */
function weightFiles(
  files: readonly RepoFile[],
  folder: string,
  component: string,
  preferHalf: boolean,
): RepoFile[] {
  const stem = weightStem(component);
  const inFolder = files.filter(
    ({ path }) => path.startsWith(`${folder}${stem}`) && !path.slice(folder.length).includes('/'),
  );
  const find = (name: string) => inFolder.find(({ path }) => path === folder + name);
  const full = () => variant(inFolder, find, stem, '');
  const half = () => variant(inFolder, find, stem, 'fp16');
  const chosen = preferHalf ? (half() ?? full()) : (full() ?? half());
  if (chosen) return chosen;
  if (isOnlyPickled(files.filter(({ path }) => path.startsWith(folder)))) throw onlyPickles(component);
  const others = inFolder.map(({ path }) => path.slice(folder.length));
  const kind = others.length > 0 ? 'other-part' : 'missing-part';
  throw unsupportedModel(kind, component, `${stem}.safetensors`, others.join(', ') || 'no weights');
}

/** Whether there are pickles among these files, and no safetensors. */
export const isOnlyPickled = (files: readonly Pick<RepoFile, 'path'>[]) =>
  files.some(({ path }) => /\.(bin|ckpt|pt|pth)$/i.test(path)) &&
  !files.some(({ path }) => /\.safetensors$/i.test(path));

/** @param component that has no other weights, or the repository */
export function onlyPickles(component: string): AppError {
  const details = { kind: 'only-pickles', component } satisfies Fault;
  return new AppError('unsupported-model', `${component} holds only pickles.`, details);
}

/**
 * One variant of a component's weights, by the names diffusers gives them (utils/hub_utils.py, `_add_variant`):
 * `model.fp16.safetensors`, or `model.safetensors.index.fp16.json` with `model.fp16-00001-of-00002.safetensors`. Older
 * shards are called `model-00001-of-00002.fp16.safetensors`, and their index `model.safetensors.fp16.index.json`. Training's
 * own copies (`non_ema`) are no variant.
 * @param name 'fp16', or an empty text for full precision
 */
function variant(
  files: readonly RepoFile[],
  find: (name: string) => RepoFile | undefined,
  stem: string,
  name: string,
): RepoFile[] | undefined {
  const dotted = name && `.${name}`;
  const whole = find(`${stem}${dotted}.safetensors`);
  if (whole) return [whole];
  const named = SHARD_INDEXES.filter((index) => index.includes('fp16') === (name !== ''));
  const index = named.map((end) => find(`${stem}.${end}`)).find((file) => file !== undefined);
  if (!index) return undefined;
  const names = (before: string, after: string) =>
    new RegExp(`(^|/)${stem}${before}-\\d+-of-\\d+${after}\\.safetensors$`);
  const shardsOf = (pattern: RegExp) => files.filter(({ path }) => pattern.test(path));
  const [shards, older] = [shardsOf(names(dotted, '')), shardsOf(names('', dotted))];
  const chosen = shards.length > 0 ? shards : older;
  return chosen.length > 0 ? [index, ...chosen] : undefined;
}

/** For a repository that lacks a file every repository of its kind has. */
export function missingFile(path: string): AppError {
  const details = { kind: 'missing-file', component: path } satisfies Fault;
  return new AppError('unsupported-model', `${path} is missing.`, details);
}

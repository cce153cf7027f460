import { modelLabel } from '../../catalog/models.ts';
import { fetchFiles } from '../../hub/fetch-files.ts';
import type { Library } from '../../hub/library.ts';
import { remoteFile } from '../../hub/remote-file.ts';
import type { ModelFiles } from '../../hub/repo.ts';
import { AppError } from '../../protocol/errors.ts';
import {
  type EntryType,
  type HubAccess,
  type ModelToFetch,
  PICTURE_NETWORKS,
  type RepoFile,
} from '../../protocol/models.ts';
import { parseConfig } from '../../protocol/parse-config.ts';
import { SchedulerNumbers } from '../../schedulers/config.ts';
import { componentOf } from '../component-classes.ts';
import { checkControlFile } from '../control/check-control-file.ts';
import { readControlRepository } from '../control/control-file.ts';
import { openTokenizer } from '../open-tokenizer.ts';
import { loaderOf } from '../pipelines.ts';
import {
  INDEX_FILE,
  isOnnxRepository,
  readModelIndex,
  SCHEDULER_FILE,
  TOKENIZER_FILES,
} from '../repository-layout.ts';
import { readWeightFiles, type WeightFiles } from '../weight-files.ts';
import { checkComponent, checkModel } from './check-model.ts';
import { fileRequest } from './file-request.ts';

/** Configurations and vocabularies; all other files that a model needs are weights. */
const CONFIGS = /\.(json|txt)$/;
/** How long the headers are waited for, and how often each is asked for; the download itself has more patience. */
const HEADERS_MS = 30_000;
const ATTEMPTS = 4;

const isNetwork = (type: EntryType) => (PICTURE_NETWORKS as readonly EntryType[]).includes(type);

/**
 * Refuses a repository that cannot be run before the first of its weights is downloaded: by its configurations and
 * vocabularies, and by the headers of its weights, some kilobytes each. A single file's header was read when it was looked up, and an ONNX graph is only read as a whole.
 * @throws AppError unsupported-control; unsupported-model, naming the tensor, or the file and the key; corrupt-file for one that is not JSON; what fetching the small files throws; AbortError
 */
export async function refuseByHeaders(
  library: Library,
  model: ModelToFetch,
  access: HubAccess,
  signal: AbortSignal,
): Promise<void> {
  const { repo, revision, files } = model;
  const isOnnx = isOnnxRepository(files);
  const isRepository = has(files, INDEX_FILE) && !isOnnx;
  const isComponent = has(files, 'config.json') && !isNetwork(model.type);
  if (!isRepository && !isComponent && !isOnnx) return;
  const weights = files.filter(({ path }) => !CONFIGS.test(path));
  const begun = await Promise.all(weights.map(({ oid }) => library.store.sizeOf(oid)));
  if (begun.every((bytes) => bytes > 0)) return;

  const request = (file: RepoFile) => fileRequest(access, repo, revision, file);
  const configs = files.filter(({ path }) => CONFIGS.test(path));
  await fetchFiles(library.store, configs.map(request), { signal, waits: () => {}, onProgress: () => {} });
  const patience = AbortSignal.any([signal, AbortSignal.timeout(HEADERS_MS)]);
  const own = library.files(model);
  if (isRepository) await loaderOf(readModelIndex(await own.json(INDEX_FILE))).check(own);
  if (isOnnx) return await checkOnnxConfigs(own);
  const byHeader: WeightFiles = {
    ...own,
    file: async (path) => {
      const file = weights.find((one) => one.path === path);
      const isHere = !file || (await library.store.find(file.oid)) !== undefined;
      return isHere ? own.file(path) : remoteFile(request(file), patience, ATTEMPTS);
    },
  };
  try {
    if (isRepository)
      return await checkModel({
        files: own,
        tensors: (name) => readWeightFiles(byHeader, name),
      });
    if (model.type === 'control')
      return checkControlFile(
        await readControlRepository({ name: modelLabel(model.id), hash: '' }, byHeader),
      );
    const config = await own.json('config.json');
    const { component, className } = componentOf(config) ?? {};
    if (component)
      await checkComponent(component, className, config, (name) => readWeightFiles(byHeader, name, ''));
  } catch (error) {
    signal.throwIfAborted();
    // What else is wrong now, a busy server or wrong bytes, the download meets again: it is more patient, and says it.
    const isRefused =
      !(error instanceof AppError) ||
      error.code === 'unsupported-model' ||
      error.code === 'unsupported-control' ||
      error.details.kind === 'not-safetensors';
    const isLeftToDownload = patience.aborted || !isRefused;
    if (!isLeftToDownload) throw error;
  }
}

/** What only the graphs can tell of an ONNX repository is not known yet. */
async function checkOnnxConfigs(files: ModelFiles): Promise<void> {
  parseConfig('scheduler', SchedulerNumbers, await files.json(SCHEDULER_FILE));
  for (const folder of ['tokenizer', 'tokenizer_2'])
    if (Object.values(TOKENIZER_FILES).some((name) => files.has(`${folder}/${name}`)))
      await openTokenizer(files, folder);
}

const has = (files: readonly RepoFile[], path: string) => files.some((file) => file.path === path);

import { remoteFile } from '../../hub/download.ts';
import { fetchFiles } from '../../hub/fetch-files.ts';
import type { Library } from '../../hub/library.ts';
import { AppError } from '../../protocol/errors.ts';
import type { HubAccess, ModelToFetch, RepoFile } from '../../protocol/models.ts';
import { componentOf } from '../component-classes.ts';
import { INDEX_FILE, isOnnxRepository } from '../repository-layout.ts';
import { readWeightFiles, type WeightFiles } from '../weight-files.ts';
import { checkComponent, checkModel } from './check-model.ts';
import { fileRequest } from './file-request.ts';

/** How long the headers are waited for, and how often each is asked for; the download itself has more patience. */
const HEADERS_MS = 30_000;
const ATTEMPTS = 4;

/**
 * Refuses a repository whose weights cannot be run by the headers of their files, some kilobytes each, before the first of
 * them is downloaded. A single file's header was read when it was looked up, and an ONNX graph is only read as a whole.
 * @throws AppError unsupported-model, naming the tensor; what fetching the small files throws; AbortError
 */
export async function refuseByHeaders(
  library: Library,
  model: ModelToFetch,
  access: HubAccess,
  signal: AbortSignal,
): Promise<void> {
  const { repo, revision, files } = model;
  const isRepository = has(files, INDEX_FILE) && !isOnnxRepository(files);
  const isComponent = has(files, 'config.json') && model.type !== 'upscaler';
  if (!isRepository && !isComponent) return;
  const weights = files.filter(({ path }) => path.endsWith('.safetensors'));
  const begun = await Promise.all(weights.map(({ oid }) => library.store.sizeOf(oid)));
  if (begun.every((bytes) => bytes > 0)) return;

  const request = (file: RepoFile) => fileRequest(access, repo, revision, file);
  const configs = files.filter(({ path }) => path.endsWith('.json'));
  await fetchFiles(library.store, configs.map(request), { signal, waits: () => {}, onProgress: () => {} });
  const patience = AbortSignal.any([signal, AbortSignal.timeout(HEADERS_MS)]);
  const own = library.files(model);
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
    const config = await own.json('config.json');
    const { component, className } = componentOf(config) ?? {};
    if (component)
      await checkComponent(component, className, config, (name) => readWeightFiles(byHeader, name, ''));
  } catch (error) {
    signal.throwIfAborted();
    // What else is wrong now, a busy server or wrong bytes, the download meets again: it is more patient, and says it.
    const isLeftToDownload =
      patience.aborted || (error instanceof AppError && error.code !== 'unsupported-model');
    if (!isLeftToDownload) throw error;
  }
}

const has = (files: readonly RepoFile[], path: string) => files.some((file) => file.path === path);

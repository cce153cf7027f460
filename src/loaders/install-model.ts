import { modelLabel } from '../catalog/models.ts';
import { componentOf } from '../hub/choose-files.ts';
import { isOnnxRepository } from '../hub/choose-onnx-files.ts';
import type { Wanted } from '../hub/download.ts';
import { fetchFiles } from '../hub/fetch-files.ts';
import { fileUrl } from '../hub/hub.ts';
import { importBlob } from '../hub/import-blob.ts';
import type { Library } from '../hub/library.ts';
import type {
  DownloadProgress,
  HubAccess,
  InstalledModel,
  ModelToFetch,
  Prediction,
  RepoFile,
} from '../protocol/models.ts';
import { modelFacts, vaeFamily } from './model-facts.ts';
import { isLoraFile, singleFileSource } from './model-source.ts';
import { onnxSource } from './onnx-source.ts';

/** How a long task is followed and stopped. */
export interface Watch {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
}

/**
 * Fetches what is missing of a model, and reads what it is. Aborted, it leaves what has come.
 * @throws AppError download-failed, corrupt-file, storage-full, unsupported-model
 */
export async function installModel(
  library: Library,
  { id, type, repo, revision, licence, files }: ModelToFetch,
  access: HubAccess,
  { signal, onProgress }: Watch,
): Promise<InstalledModel> {
  const before = await library.find(id);
  const begun: InstalledModel = {
    ...{ id, type, repo, revision, licence, files },
    label: modelLabel(id),
    complete: false,
    family: null,
    className: null,
    facts: null,
    installedAt: before?.installedAt ?? Date.now(),
    usedAt: before?.usedAt ?? null,
  };
  // The row first: what a closed tab leaves behind has a name, and can be resumed or deleted.
  await library.put(begun);
  const all = files.map((file) => wanted(access, repo, revision, file));
  await fetchFiles(library.store, all, { signal, onProgress: throttled(onProgress) });
  return complete(library, begun, before?.facts?.prediction ?? null);
}

/** Reads what the model's own files say of it, and has it ready. */
async function complete(
  library: Library,
  begun: InstalledModel,
  prediction: Prediction | null,
): Promise<InstalledModel> {
  const files = library.files(begun);
  const whole = { ...begun, complete: true };
  const single = begun.files.length === 1 ? (begun.files[0] as RepoFile) : null;
  let model: InstalledModel;
  if (begun.type !== 'model' && begun.type !== 'lora') {
    const config = await files.json('config.json');
    const family = begun.type === 'vae' ? vaeFamily(config, begun.id) : null;
    model = { ...whole, family, className: componentOf(config)?.className ?? null };
  } else if (single && (await isLoraFile(single.path, await files.file(single.path)))) {
    model = { ...whole, type: 'lora' };
  } else {
    const source = single && (await singleFileSource(single.path, await files.file(single.path), prediction));
    const ready = isOnnxRepository(begun.files) ? await onnxSource(files) : null;
    const { family, ...facts } = await modelFacts(begun.id, (source ?? ready)?.files ?? files);
    model = { ...whole, family, facts: { ...facts, prediction: source?.prediction ?? null } };
  }
  await library.put(model);
  return model;
}

/**
 * Copies a single-file checkpoint, or a LoRA, from disk.
 * @throws AppError unsupported-model, corrupt-file, storage-full
 */
export async function importModel(
  library: Library,
  file: File,
  { signal, onProgress }: Watch,
): Promise<InstalledModel> {
  // What is neither is refused before gigabytes of it are copied.
  if (!(await isLoraFile(file.name, file))) await singleFileSource(file.name, file, null);
  const report = throttled(onProgress);
  const oid = await importBlob(library.store, file, {
    signal,
    onBytes: (loadedBytes) => report({ loadedBytes, totalBytes: file.size, waitSeconds: null }),
  });
  const id = `disk:${file.name}`;
  return complete(
    library,
    {
      ...{ id, type: 'model', repo: null, revision: null, licence: null, label: modelLabel(id) },
      files: [{ path: file.name, size: file.size, oid }],
      complete: false,
      family: null,
      className: null,
      facts: null,
      installedAt: Date.now(),
      usedAt: null,
    },
    null,
  );
}

/** A file of a repository as the downloader takes it. */
export function wanted(access: HubAccess, repo: string, sha: string, { path, size, oid }: RepoFile): Wanted {
  return { url: fileUrl(access, repo, sha, path), path, size, oid, token: access.token };
}

/** Ten times a second is as often as anybody looks; the last word always comes. */
export function throttled(progress: (value: DownloadProgress) => void): (value: DownloadProgress) => void {
  let last = 0;
  return (value) => {
    const now = performance.now();
    if (now - last < 100 && value.loadedBytes < value.totalBytes && value.waitSeconds === null) return;
    last = now;
    progress(value);
  };
}

import { modelLabel } from '../../catalog/models.ts';
import { ADAPTER_CONFIG } from '../../checkpoint/lora/config.ts';
import { isLora } from '../../checkpoint/lora/keys.ts';
import { readTensors } from '../../checkpoint/weights.ts';
import { fetchFiles } from '../../hub/fetch-files.ts';
import type { TurnOptions } from '../../hub/in-turn.ts';
import type { Library } from '../../hub/library.ts';
import { importBlob } from '../../hub/write-blob.ts';
import type {
  DownloadProgress,
  HubAccess,
  InstalledModel,
  ModelToFetch,
  Prediction,
} from '../../protocol/models.ts';
import { componentOf } from '../component-classes.ts';
import { describeControl } from '../control/control-facts.ts';
import { controlFileOf, readControlRepository } from '../control/control-file.ts';
import { controlKind } from '../control/control-kind.ts';
import { describeIpAdapter, isIpAdapter } from '../ip-adapter/ip-adapter-file.ts';
import { latentSpaceOf } from '../model-facts.ts';
import { onnxSource } from '../onnx/onnx-source.ts';
import { loaderOf } from '../pipelines.ts';
import { INDEX_FILE, isOnnxRepository, readModelIndex } from '../repository-layout.ts';
import { latentSpaceOfLone, openLoneComponent } from '../single-file/lone-component-source.ts';
import { singleFileSource } from '../single-file/single-file-source.ts';
import { checkFile } from './check-model.ts';
import { fewStepNameOf } from './few-step-name.ts';
import { keptFiles } from './kept-files.ts';
import { refuseByHeaders } from './refuse-by-headers.ts';

/** How a long task is watched and stopped. */
export interface TaskOptions extends TurnOptions {
  readonly onProgress: (progress: DownloadProgress) => void;
}

/** What is not known of a model before its files are complete. */
const UNKNOWN = { complete: false, family: null, className: null, facts: null } as const;

/**
 * Downloads a model's missing files, if their headers say that it can run, then reads what kind of model it is. When it is aborted or fails, what has been
 * downloaded stays, for another try.
 * @throws AppError download-failed, repo-gated, repo-not-found, token-refused, corrupt-file, storage-full, unsupported-model;
 * AbortError
 */
export async function installModel(
  library: Library,
  model: ModelToFetch,
  access: HubAccess,
  { signal, waits, onProgress }: TaskOptions,
): Promise<InstalledModel> {
  const { id, type, repo, revision, licence } = model;
  // For the server, which has a clock of its own.
  waits(true);
  await refuseByHeaders(library, model, access, signal);
  const { requests, files, copyOf } = await keptFiles(model, access, signal);
  waits(false);
  const before = await library.find(id);
  const row: InstalledModel = {
    ...{ id, type, repo, revision, licence, files, copyOf, ...UNKNOWN },
    label: modelLabel(id),
    installedAt: before?.installedAt ?? Date.now(),
    usedAt: before?.usedAt ?? null,
  };
  // The row is written first, so that the files a closed tab leaves behind can be resumed or deleted.
  await library.put(row);
  await fetchFiles(library.store, requests, { signal, waits, onProgress: throttled(onProgress) });
  return complete(library, row, before?.facts?.prediction ?? null);
}

/** Reads what kind of model the files are, and marks the row as complete. */
async function complete(
  library: Library,
  row: InstalledModel,
  prediction: Prediction | null,
): Promise<InstalledModel> {
  const model: InstalledModel = { ...row, complete: true, ...(await describe(library, row, prediction)) };
  await library.put(model);
  return model;
}

async function describe(
  library: Library,
  row: InstalledModel,
  prediction: Prediction | null,
): Promise<Partial<InstalledModel>> {
  const files = library.files(row);
  const named = { name: row.label, hash: '' };
  if (row.type === 'control' && files.has('config.json'))
    return describeControl(row.id, await readControlRepository(named, files));
  const [first, ...others] = row.files;
  if (row.type === 'ip_adapter' && first) return describeIpAdapter(named, await files.file(first.path));
  const lone = await openLoneComponent(row, files);
  const fewStepName = await fewStepNameOf(row, files, lone);
  if (lone) return { family: latentSpaceOfLone(lone), className: lone.className, fewStepName };
  if (row.type !== 'model' && row.type !== 'lora' && row.type !== 'control') {
    const config = await files.json('config.json');
    const latentSpace = row.type === 'vae' ? latentSpaceOf(config, row.id) : null;
    return { family: latentSpace, className: componentOf(config)?.className ?? null };
  }
  const single = first && others.every(({ path }) => isAdapterConfig(path)) ? first : null;
  const tensors = single && (await readTensors(single.path, await files.file(single.path)));
  if (single && tensors && isIpAdapter(tensors.keys()))
    return describeIpAdapter(named, await files.file(single.path));
  if (tensors && controlKind(tensors)) return describeControl(row.id, controlFileOf(named, tensors));
  if (tensors && isLora(tensors.keys())) return { type: 'lora', fewStepName };
  const singleFile = tensors && (await singleFileSource(single.path, tensors, prediction));
  const onnx = isOnnxRepository(row.files) ? await onnxSource(files) : null;
  const own = (singleFile ?? onnx)?.files ?? files;
  const loader = loaderOf(readModelIndex(await own.json(INDEX_FILE)));
  const { latentSpace, ...facts } = await loader.facts(row.id, own);
  return {
    family: latentSpace,
    facts: { ...facts, prediction: singleFile?.prediction ?? null },
    fewStepName,
  };
}

/**
 * Copies a single-file checkpoint, a component alone, a control model, an IP-Adapter or a LoRA from disk.
 * @param config the adapter_config.json that PEFT wrote beside a LoRA; null where there is none
 * @throws AppError unsupported-model, unsupported-control, unsupported-ip-adapter, corrupt-file, storage-full; AbortError
 */
export async function importModel(
  library: Library,
  file: File,
  config: File | null,
  { onProgress, ...turn }: TaskOptions,
): Promise<InstalledModel> {
  // A file that is none of these, or cannot run, is refused before gigabytes of it are copied.
  const kind = await checkFile(file.name, file);
  const isAdapter = kind === 'lora';
  const report = throttled(onProgress);
  const oid = await importBlob(library.store, file, {
    ...turn,
    onBytes: (loadedBytes) => report({ loadedBytes, totalBytes: file.size, waitSeconds: null }),
  });
  const beside = isAdapter &&
    config && {
      ...{ path: ADAPTER_CONFIG, size: config.size },
      oid: await importBlob(library.store, config, { ...turn, onBytes: () => {} }),
    };
  const id = `disk:${file.name}`;
  const row: InstalledModel = {
    ...{ id, type: isAdapter ? 'model' : kind, repo: null, revision: null, licence: null, ...UNKNOWN },
    label: modelLabel(id),
    files: [{ path: file.name, size: file.size, oid }, ...(beside ? [beside] : [])],
    installedAt: Date.now(),
    usedAt: null,
  };
  return complete(library, row, null);
}

const isAdapterConfig = (path: string) => path.split('/').at(-1) === ADAPTER_CONFIG;

/** Lets progress through ten times a second; the last report and those of a waiting download always. */
export function throttled(progress: (value: DownloadProgress) => void): (value: DownloadProgress) => void {
  let last = 0;
  return (value) => {
    const now = performance.now();
    if (now - last < 100 && value.loadedBytes < value.totalBytes && value.waitSeconds === null) return;
    last = now;
    progress(value);
  };
}

import { modelLabel } from '../catalog/models.ts';
import {
  chooseComponentFiles,
  chooseFiles,
  chooseUpscalerFiles,
  componentOf,
  estimateMemory,
  missingFile,
} from '../hub/choose-files.ts';
import { chooseOnnxFiles, isOnnxRepository } from '../hub/choose-onnx-files.ts';
import type { Wanted } from '../hub/download.ts';
import { fetchFiles } from '../hub/fetch-files.ts';
import { fileUrl, listFiles, parseRepoName, repoInfo } from '../hub/hub.ts';
import { importBlob } from '../hub/import-blob.ts';
import { Library } from '../hub/library.ts';
import { parseJson } from '../hub/repo.ts';
import type { LoraFile } from '../pipeline/components.ts';
import { modelFacts, vaeFamily } from '../pipeline/model-facts.ts';
import { isLoraFile, singleFileSource } from '../pipeline/model-source.ts';
import { onnxSource } from '../pipeline/onnx-source.ts';
import type { LoraTag } from '../prompt/lora-tags.ts';
import type { Calls, ModelToFetch } from '../protocol/calls.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import type { HubAccess, InstalledModel, ModelOffer, Prediction, RepoFile } from '../protocol/models.ts';
import { quantizeModel } from './quantize-model.ts';
import type { CallContext, Handlers } from './serve.ts';

type LibraryCalls = Pick<
  Handlers,
  | 'listModels'
  | 'lookUpModel'
  | 'installModel'
  | 'importModel'
  | 'quantizeModel'
  | 'setPrediction'
  | 'removeModel'
>;

/** The calls that look after what lies on this device. */
export function createLibrary(): LibraryCalls {
  let opened: Promise<Library> | undefined;
  /** A browser that refuses once may be asked again. */
  const library = (): Promise<Library> => {
    opened ??= Library.open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };

  return {
    async listModels() {
      const shelf = await library();
      return { models: await shelf.list(), storage: await shelf.report() };
    },

    async lookUpModel({ name, access, preferHalf }, { signal }) {
      return lookUp(await library(), name, access, preferHalf, signal);
    },

    async installModel({ model, access }, context) {
      return install(await library(), model, access, context);
    },

    async importModel({ file }, context) {
      return importModel(await library(), file, context);
    },

    async quantizeModel({ id, bits }, { signal, progress }) {
      const report = throttled(progress);
      return quantizeModel(await library(), id, bits, {
        signal,
        onProgress: (loadedBytes, totalBytes) => report({ loadedBytes, totalBytes, waitSeconds: null }),
      });
    },

    async setPrediction({ id, prediction }) {
      const shelf = await library();
      const model = await shelf.find(id);
      if (model?.facts) await shelf.put({ ...model, facts: { ...model.facts, prediction } });
      return undefined;
    },

    async removeModel({ id }) {
      await (await library()).remove(id);
      return undefined;
    },
  };
}

/**
 * The LoRAs that a prompt calls, by the names they have on this device.
 * @throws AppError unsupported-lora for one that is not there
 */
export async function findLoras(tags: readonly LoraTag[]): Promise<LoraFile[]> {
  if (tags.length === 0) return [];
  const library = await Library.open();
  const rows = (await library.list()).filter(({ type, complete }) => type === 'lora' && complete);
  return Promise.all(
    tags.map(async (tag) => {
      const row = rows.find(({ label }) => label === tag.name);
      const [entry] = row?.files ?? [];
      if (!row || !entry) {
        const message = `there is no LoRA called ${tag.name} on this device.`;
        throw new AppError('unsupported-lora', message, {
          kind: 'lora-absent',
          lora: tag.name,
        } satisfies Fault);
      }
      await library.touch(row.id);
      return { ...tag, file: await library.files(row).file(entry.path) };
    }),
  );
}

/** @throws AppError repo-not-found, repo-gated, unsupported-model, download-failed, no-storage */
async function lookUp(
  library: Library,
  text: string,
  access: HubAccess,
  preferHalf: boolean,
  signal: AbortSignal,
): Promise<ModelOffer> {
  const name = parseRepoName(text);
  if (!name) {
    const details = { kind: 'no-repository-name', found: text } satisfies Fault;
    throw new AppError(
      'invalid-request',
      `“${text}” is no name of a repository: those look like owner/name.`,
      details,
    );
  }
  const { repo } = name;
  const { sha, licence } = await repoInfo(access, name, signal);
  const files = await listFiles(access, repo, sha, signal);
  const read = async (file: RepoFile): Promise<unknown> => {
    await fetchFiles(library.store, [wanted(access, repo, sha, file)], { signal, onProgress: () => {} });
    return parseJson(file.path, await ((await library.store.find(file.oid)) as File).text());
  };
  const choice = await choose(files, name.file, repo, preferHalf, read);
  const distinct = [...new Map(choice.files.map((file) => [file.oid, file])).values()];
  const present = await Promise.all(distinct.map(({ oid }) => library.store.sizeOf(oid)));
  const totalBytes = distinct.reduce((sum, { size }) => sum + size, 0);
  return {
    ...choice,
    repo,
    revision: sha,
    licence,
    totalBytes,
    memoryBytes: estimateMemory(choice.files, preferHalf),
    missingBytes: totalBytes - present.reduce((sum, size) => sum + size, 0),
  };
}

/** What of a repository is a model: a file that was named, its components, a VAE, or the only checkpoint it holds. */
async function choose(
  files: readonly RepoFile[],
  named: string | null,
  repo: string,
  preferHalf: boolean,
  read: (file: RepoFile) => Promise<unknown>,
): Promise<Pick<ModelOffer, 'id' | 'type' | 'files'>> {
  const find = (path: string) => files.find((file) => file.path === path);
  if (named !== null) {
    const file = find(named);
    if (!file) throw missingFile(named);
    return { id: `${repo}/${named}`, type: 'model', files: [file] };
  }
  const index = find('model_index.json');
  if (index) {
    const chosen = isOnnxRepository(files)
      ? chooseOnnxFiles(files, await read(index))
      : chooseFiles(files, await read(index), preferHalf);
    return { id: repo, type: 'model', files: chosen };
  }
  const config = find('config.json');
  const said = config && (await read(config));
  const upscaler = chooseUpscalerFiles(files, said);
  if (upscaler) return { id: repo, type: 'upscaler', files: upscaler };
  const own = componentOf(said);
  if (config && own) {
    const chosen = chooseComponentFiles(files, config, own.component, preferHalf);
    return { id: repo, type: own.component, files: chosen };
  }
  const singles = files.filter(({ path }) => /^[^/]+\.safetensors$/i.test(path));
  const [only, ...others] = singles;
  if (only && others.length === 0) return { id: `${repo}/${only.path}`, type: 'model', files: [only] };
  if (only) {
    const found = singles.map(({ path }) => `${repo}/${path}`).join(', ');
    const details = { kind: 'several-checkpoints', component: repo, found } satisfies Fault;
    throw new AppError('unsupported-model', `${repo} holds several checkpoints: ${found}.`, details);
  }
  const pickles = files.some(({ path }) => /\.(bin|ckpt|pt|pth)$/i.test(path));
  const details = {
    kind: pickles ? 'only-pickles' : 'no-checkpoint',
    component: repo,
  } as const satisfies Fault;
  throw new AppError('unsupported-model', `${repo} holds no .safetensors files.`, details);
}

async function install(
  library: Library,
  { id, type, repo, revision, licence, files }: ModelToFetch,
  access: HubAccess,
  { signal, progress }: CallContext<'installModel'>,
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
  // The row first: what a closed tab leaves behind has a name, and can be gone on with or deleted.
  await library.put(begun);
  const all = files.map((file) => wanted(access, repo, revision, file));
  await fetchFiles(library.store, all, { signal, onProgress: throttled(progress) });
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

async function importModel(
  library: Library,
  file: File,
  { signal, progress }: CallContext<'importModel'>,
): Promise<InstalledModel> {
  // What is neither is refused before gigabytes of it are copied.
  if (!(await isLoraFile(file.name, file))) await singleFileSource(file.name, file, null);
  const report = throttled(progress);
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

function wanted(access: HubAccess, repo: string, sha: string, { path, size, oid }: RepoFile): Wanted {
  return { url: fileUrl(access, repo, sha, path), path, size, oid, token: access.token };
}

/** Ten times a second is as often as anybody looks; the last word always comes. */
function throttled(progress: (value: Calls['installModel']['progress']) => void) {
  let last = 0;
  return (value: Calls['installModel']['progress']): void => {
    const now = performance.now();
    if (now - last < 100 && value.loadedBytes < value.totalBytes && value.waitSeconds === null) return;
    last = now;
    progress(value);
  };
}

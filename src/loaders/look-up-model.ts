import {
  chooseComponentFiles,
  chooseFiles,
  chooseUpscalerFiles,
  componentOf,
  estimateMemory,
  missingFile,
} from '../hub/choose-files.ts';
import { chooseOnnxFiles, isOnnxRepository } from '../hub/choose-onnx-files.ts';
import { fetchFiles } from '../hub/fetch-files.ts';
import { listFiles, parseRepoName, repoInfo } from '../hub/hub.ts';
import type { Library } from '../hub/library.ts';
import { parseJson } from '../hub/repo.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import type { HubAccess, ModelOffer, RepoFile } from '../protocol/models.ts';
import { wanted } from './install-model.ts';

/** @throws AppError repo-not-found, repo-gated, unsupported-model, download-failed, no-storage */
export async function lookUpModel(
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

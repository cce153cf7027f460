import { CHECKPOINT_END } from '../../catalog/models.ts';
import { ADAPTER_CONFIG } from '../../checkpoint/lora/config.ts';
import { fetchFiles } from '../../hub/fetch-files.ts';
import { listFiles, repoInfo } from '../../hub/hub.ts';
import type { Library } from '../../hub/library.ts';
import { type RemoteFile, remoteFile } from '../../hub/remote-file.ts';
import { parseJson } from '../../hub/repo.ts';
import { parseRepoName } from '../../hub/repo-name.ts';
import { AppError, type Fault } from '../../protocol/errors.ts';
import type { HubAccess, ModelOffer, OfferedPlan, RepoFile } from '../../protocol/models.ts';
import { componentClass, componentOf } from '../component-classes.ts';
import { readIpAdapter } from '../ip-adapter/ip-adapter-file.ts';
import { estimateFromFiles } from '../memory-estimate.ts';
import { modelFacts } from '../model-facts.ts';
import { CONTROL_CLASSES, classOfConfig, INDEX_FILE, isOnnxRepository } from '../repository-layout.ts';
import { checkConfigs, checkFile } from './check-model.ts';
import {
  chooseComponentFiles,
  chooseDepthFiles,
  chooseFiles,
  chooseUpscalerFiles,
  isOnlyPickled,
  missingFile,
  onlyPickles,
} from './choose-files.ts';
import { chooseOnnxFiles } from './choose-onnx-files.ts';
import { fileRequest } from './file-request.ts';
import { offeredPlan } from './offered-plan.ts';
import { adaptersBesideEncoders, withImageEncoder } from './with-image-encoder.ts';

/**
 * Looks up a model on the Hub: what it is, which of its files are needed, and how much is still to be downloaded.
 * @param text a name or an address, as a person types it
 * @param preferHalf half precision, where the repository has both
 * @throws AppError invalid-request, repo-not-found, revision-not-found, repo-gated, token-refused, unsupported-model, unsupported-control,
 * unsupported-ip-adapter, download-failed, no-storage
 */
export async function lookUpModel(
  library: Library,
  text: string,
  access: HubAccess,
  preferHalf: boolean,
  signal: AbortSignal,
): Promise<ModelOffer> {
  const name = parseRepoName(text, access.endpoint);
  const { repo } = name;
  const { sha, licence } = await repoInfo(access, name, signal);
  const files = await listFiles(access, repo, sha, signal);
  const read = async (file: RepoFile): Promise<unknown> => {
    const request = fileRequest(access, repo, sha, file);
    await fetchFiles(library.store, [request], { signal, waits: () => {}, onProgress: () => {} });
    return parseJson(file.path, await ((await library.store.find(file.oid)) as File).text());
  };
  const chosen = await choose(files, name.file, repo, preferHalf, read);
  const choice = await fileChoice(chosen, files, read, (file) =>
    remoteFile(fileRequest(access, repo, sha, file), signal),
  );
  const distinct = [...new Map(choice.files.map((file) => [file.oid, file])).values()];
  const present = await Promise.all(distinct.map(({ oid }) => library.store.sizeOf(oid)));
  const totalBytes = distinct.reduce((sum, { size }) => sum + size, 0);
  return {
    ...choice,
    repo,
    revision: sha,
    licence,
    totalBytes,
    memoryBytes: choice.plan?.bytes ?? estimateFromFiles(choice.files, preferHalf),
    missingBytes: totalBytes - present.reduce((sum, size) => sum + size, 0),
  };
}

type Choice = Pick<ModelOffer, 'id' | 'type' | 'files' | 'plan'>;

/** The same for a file by itself, whose header says what it is; an IP-Adapter's image encoder comes with it. */
async function fileChoice(
  choice: Choice,
  files: readonly RepoFile[],
  read: (file: RepoFile) => Promise<unknown>,
  remote: (file: RepoFile) => RemoteFile,
): Promise<Choice> {
  const [only, ...others] = choice.files;
  if (choice.type !== 'model' || !only || others.length > 0) return choice;
  const type = await checkFile(only.path, remote(only));
  if (type === 'control') return { ...choice, type };
  if (type !== 'ip_adapter') return choice;
  const { projection } = await readIpAdapter({ name: only.path, hash: only.oid }, remote(only));
  return { ...choice, type, files: await withImageEncoder(only, projection, files, read) };
}

/** What a repository offers: the file that was named, a whole model, a component, an upscaler, a control model, or its only checkpoint. */
async function choose(
  files: readonly RepoFile[],
  named: string | null,
  repo: string,
  preferHalf: boolean,
  read: (file: RepoFile) => Promise<unknown>,
): Promise<Choice> {
  const find = (path: string) => files.find((file) => file.path === path);
  if (named !== null) {
    const file = find(named);
    if (!file) throw missingFile(named);
    return { id: `${repo}/${named}`, type: 'model', files: withAdapterConfig(files, file), plan: null };
  }
  const index = find(INDEX_FILE);
  if (index) {
    const json = await read(index);
    if (isOnnxRepository(files))
      return { id: repo, type: 'model', files: chooseOnnxFiles(files, json), plan: null };
    const chosen = chooseFiles(files, json, preferHalf);
    const config = (path: string) => read(find(path) as RepoFile);
    await checkConfigs(json, config);
    return { id: repo, type: 'model', files: chosen, plan: await planOf(repo, chosen, config, preferHalf) };
  }
  const configFile = find('config.json');
  const config = configFile && (await read(configFile));
  const depth = chooseDepthFiles(files, config);
  if (depth) return { id: repo, type: 'depth', files: depth, plan: null };
  const upscaler = chooseUpscalerFiles(files, config);
  if (upscaler) return { id: repo, type: 'upscaler', files: upscaler, plan: null };
  const className = classOfConfig(config);
  if (configFile && className && CONTROL_CLASSES.includes(className)) {
    const chosen = chooseComponentFiles(files, configFile, 'controlnet', preferHalf);
    return { id: repo, type: 'control', files: chosen, plan: null };
  }
  if (className && /control|adapter/i.test(className)) throw otherControl(repo);
  const own = componentOf(config);
  if (configFile && own) {
    componentClass(own.className)?.read(own.component, config);
    const chosen = chooseComponentFiles(files, configFile, own.component, preferHalf);
    return { id: repo, type: own.component, files: chosen, plan: null };
  }
  const checkpoint = onlyCheckpoint(files, repo);
  const withConfig = withAdapterConfig(files, checkpoint);
  return { id: `${repo}/${checkpoint.path}`, type: 'model', files: withConfig, plan: null };
}

/** How the model of a repository would run. @param config reads one of its small files */
async function planOf(
  repo: string,
  files: readonly RepoFile[],
  config: (path: string) => Promise<unknown>,
  isGpu: boolean,
): Promise<OfferedPlan> {
  const { defaults } = await modelFacts(repo, { json: config });
  const [index, unet, vae] = await Promise.all(
    [INDEX_FILE, 'unet/config.json', 'vae/config.json'].map(config),
  );
  return offeredPlan(files, { index, unet, vae }, defaults, isGpu);
}

/** For what steers models that Safelight does not run: Flux', Stable Diffusion 3's. */
function otherControl(control: string): AppError {
  const details = { kind: 'control-of-other-model', control } satisfies Fault;
  return new AppError('unsupported-control', `${control} was made for another kind of model.`, details);
}

/** A file, and where PEFT has written an adapter's settings beside it, those. */
function withAdapterConfig(files: readonly RepoFile[], file: RepoFile): RepoFile[] {
  const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1);
  return [file, ...files.filter(({ path }) => path === folder + ADAPTER_CONFIG)];
}

/** The one .safetensors or .gguf file at the root, or the one IP-Adapter. @throws AppError unsupported-model when there are none, or several */
function onlyCheckpoint(files: readonly RepoFile[], repo: string): RepoFile {
  const atRoot = files.filter(({ path }) => !path.includes('/') && CHECKPOINT_END.test(path));
  const checkpoints = atRoot.length > 0 ? atRoot : adaptersBesideEncoders(files);
  const [only, ...others] = checkpoints;
  if (only && others.length === 0) return only;
  if (only) {
    const found = checkpoints.map(({ path }) => `${repo}/${path}`).join(', ');
    const details = { kind: 'several-checkpoints', component: repo, found } satisfies Fault;
    throw new AppError('unsupported-model', `${repo} holds several checkpoints: ${found}.`, details);
  }
  if (isOnlyPickled(files)) throw onlyPickles(repo);
  const details = { kind: 'no-checkpoint', component: repo } satisfies Fault;
  throw new AppError('unsupported-model', `${repo} holds no .safetensors or .gguf files.`, details);
}

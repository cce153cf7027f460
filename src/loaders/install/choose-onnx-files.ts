import type { RepoFile } from '../../protocol/models.ts';
import {
  GRAPH_FILE,
  INDEX_FILE,
  isTextEncoder,
  readModelIndex,
  refuseScheduler,
  SCHEDULER_FILE,
  tokenizerFolder,
} from '../repository-layout.ts';
import { STABLE_DIFFUSION_COMPONENTS } from '../stable-diffusion-loader.ts';
import { requiredIn, tokenizerFiles } from './choose-files.ts';

/** The components of an ONNX repository, as Optimum names them. The VAE's encoder is only needed to start from a picture. */
const REQUIRED = STABLE_DIFFUSION_COMPONENTS.map((name) => (name === 'vae' ? 'vae_decoder' : name));
const OPTIONAL = ['vae_encoder'];

/** Files beside a graph that are not its weights: other graphs, settings, and weights for other programs, pickles included. */
const NOT_WEIGHTS =
  /(^|\/)\.|\.(onnx|ort|json|txt|md|yaml|py|xml|gitattributes|bin|pt|pth|ckpt|pkl|pickle|safetensors|msgpack|h5|ot|tflite|png|jpe?g)$/i;

/**
 * The files of an ONNX repository that a run needs: configurations, vocabularies, each component's graph, and every file
 * beside a graph that may hold its weights. Which of them a graph really names is known only once it has been downloaded.
 * @param index what model_index.json says
 * @throws AppError unsupported-model, naming what is missing
 */
export function chooseOnnxFiles(files: readonly RepoFile[], index: unknown): RepoFile[] {
  const required = requiredIn(files);
  const optional = (path: string) => files.filter((file) => file.path === path);
  const modelIndex = readModelIndex(index);
  refuseScheduler(modelIndex, true);
  const encoders = Object.keys(modelIndex.classes).filter(isTextEncoder);
  for (const folder of new Set<string>([...REQUIRED, ...encoders])) required(`${folder}/${GRAPH_FILE}`);

  // A repository may have encoders that its index doesn't list.
  const found = files.flatMap(({ path }) => {
    const [folder, name] = path.split('/') as [string, string?];
    return name === GRAPH_FILE && isTextEncoder(folder) && path.split('/').length === 2 ? [folder] : [];
  });
  const others = [...found.filter((folder) => !REQUIRED.some((name) => name === folder)).sort(), ...OPTIONAL];
  const folders = [...REQUIRED, ...others.filter((folder) => optional(`${folder}/${GRAPH_FILE}`).length > 0)];
  return [
    required(INDEX_FILE),
    required(SCHEDULER_FILE),
    ...tokenizerFiles(files, folders.filter(isTextEncoder).map(tokenizerFolder)),
    ...optional('vae/config.json'),
    ...folders.flatMap((folder) => [
      required(`${folder}/${GRAPH_FILE}`),
      ...optional(`${folder}/config.json`),
      ...weightFiles(files, folder),
    ]),
  ];
}

/**
 * Files beside a graph that may be its weights: model.onnx_data, weights.pb, or one file per tensor; not those that belong
 * to another graph.
 */
function weightFiles(files: readonly RepoFile[], folder: string): RepoFile[] {
  const beside = files.filter(
    ({ path }) => path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes('/'),
  );
  const otherGraphs = beside.filter(
    ({ path }) => path.endsWith('.onnx') && path !== `${folder}/${GRAPH_FILE}`,
  );
  return beside.filter(
    ({ path }) => !NOT_WEIGHTS.test(path) && !otherGraphs.some((graph) => path.startsWith(graph.path)),
  );
}

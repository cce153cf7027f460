import * as v from 'valibot';
import type { RepoFile } from '../protocol/models.ts';
import { missingFile } from './choose-files.ts';

/** The folders of an ONNX repository that are run, as Optimum names them; the encoder is only for beginning with a picture. */
const NEEDED = ['text_encoder', 'unet', 'vae_decoder'];
const OPTIONAL = ['text_encoder_2', 'vae_encoder'];
const GRAPH = 'model.onnx';

const TOKENIZER_FILES = [
  'tokenizer_config.json',
  'tokenizer.json',
  'vocab.json',
  'merges.txt',
  'special_tokens_map.json',
];

const Index = v.looseObject({ text_encoder_2: v.optional(v.array(v.nullable(v.string()))) });

/** Beside a graph these are not its weights: other graphs, settings, and weights for other programs, pickles among them. */
const NO_DATA =
  /(^|\/)\.|\.(onnx|ort|json|txt|md|yaml|py|xml|gitattributes|bin|pt|pth|ckpt|pkl|pickle|safetensors|msgpack|h5|ot|tflite|png|jpe?g)$/i;

/** Whether a repository's UNet is a ready-made graph and nothing that a graph can be built for. */
export function isOnnxRepository(files: readonly RepoFile[]): boolean {
  return (
    files.some(({ path }) => path === `unet/${GRAPH}`) &&
    !files.some(({ path }) => /^unet\/.*\.safetensors$/.test(path))
  );
}

/**
 * The files of an ONNX repository that a run needs: configurations, vocabularies, and of each component its graph with every
 * file of weights beside it. Which of those the graph names shows only once it is here.
 * @param index the repository's model_index.json
 * @throws AppError unsupported-model naming what is missing
 */
export function chooseOnnxFiles(files: readonly RepoFile[], index: unknown): RepoFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const must = (path: string): RepoFile => {
    const file = byPath.get(path);
    if (!file) throw missingFile(path);
    return file;
  };
  const there = (path: string) => [byPath.get(path)].filter((file) => file !== undefined);
  for (const folder of NEEDED) must(`${folder}/${GRAPH}`);
  const parts = v.safeParse(Index, index);
  if (parts.success && parts.output.text_encoder_2?.[1]) must(`text_encoder_2/${GRAPH}`);

  const folders = [...NEEDED, ...OPTIONAL].filter((folder) => byPath.has(`${folder}/${GRAPH}`));
  const tokenizers = folders
    .filter((folder) => folder.startsWith('text_encoder'))
    .map((folder) => folder.replace('text_encoder', 'tokenizer'));
  return [
    must('model_index.json'),
    must('scheduler/scheduler_config.json'),
    ...tokenizers.flatMap((folder) => TOKENIZER_FILES.flatMap((name) => there(`${folder}/${name}`))),
    ...there('vae/config.json'),
    ...folders.flatMap((folder) => [
      must(`${folder}/${GRAPH}`),
      ...there(`${folder}/config.json`),
      ...weightFiles(files, folder),
    ]),
  ];
}

/** What lies beside a graph and may be weights of it: model.onnx_data, weights.pb, or a file a tensor; not another graph's. */
function weightFiles(files: readonly RepoFile[], folder: string): RepoFile[] {
  const beside = files.filter(
    ({ path }) => path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes('/'),
  );
  const others = beside.filter(({ path }) => path.endsWith('.onnx') && path !== `${folder}/${GRAPH}`);
  return beside.filter(
    ({ path }) => !NO_DATA.test(path) && !others.some((other) => path.startsWith(other.path)),
  );
}

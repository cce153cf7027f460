import * as v from 'valibot';
import { AppError, type Fault } from '../protocol/errors.ts';
import type { RepoFile, SwappableComponent } from '../protocol/models.ts';

/** The components of a diffusers repository that Safelight runs, and how the file of each one's weights is called. */
const WEIGHTS = {
  text_encoder: 'model',
  text_encoder_2: 'model',
  unet: 'diffusion_pytorch_model',
  vae: 'diffusion_pytorch_model',
} as const;
type Component = keyof typeof WEIGHTS;

const TOKENIZER_FILES = [
  'tokenizer_config.json',
  'tokenizer.json',
  'vocab.json',
  'merges.txt',
  'special_tokens_map.json',
];

const part = v.tuple([v.nullable(v.string()), v.nullable(v.string())]);
const ModelIndex = v.looseObject({
  _class_name: v.optional(v.string()),
  text_encoder: v.optional(part),
  text_encoder_2: v.optional(part),
  unet: v.optional(part),
  vae: v.optional(part),
});

const COMPONENTS: Readonly<Record<string, SwappableComponent>> = {
  AutoencoderKL: 'vae',
  AutoencoderTiny: 'vae',
  UNet2DConditionModel: 'unet',
  CLIPTextModel: 'text_encoder',
};

/** Which component a config.json at the root of a repository is of, and its class; null where it is none that is run. */
export function componentOf(config: unknown): { component: SwappableComponent; className: string } | null {
  const keys = v.safeParse(ComponentConfig, config);
  const className = keys.success ? (keys.output._class_name ?? keys.output.architectures?.[0]) : undefined;
  const component =
    className !== undefined && Object.hasOwn(COMPONENTS, className) ? COMPONENTS[className] : undefined;
  return className !== undefined && component ? { component, className } : null;
}

const ComponentConfig = v.looseObject({
  _class_name: v.optional(v.string()),
  architectures: v.optional(v.array(v.string())),
});

/**
 * The files of a diffusers repository that a run needs: configurations, vocabularies, and of each component's weights one
 * variant. Never a pickle.
 * @param index the repository's model_index.json
 * @param preferHalf takes fp16 files where there are both; else the full ones
 * @throws AppError unsupported-model naming what is missing or of another kind
 */
export function chooseFiles(files: readonly RepoFile[], index: unknown, preferHalf: boolean): RepoFile[] {
  const result = v.safeParse(ModelIndex, index);
  const parts = result.success ? result.output : {};
  if (!parts.unet?.[1] || !parts.vae?.[1] || !parts.text_encoder?.[1])
    throw otherPipeline(parts._class_name ?? 'something else');
  const components = (Object.keys(WEIGHTS) as Component[]).filter((name) => parts[name]?.[1]);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const must = (path: string): RepoFile => {
    const file = byPath.get(path);
    if (!file) throw missingFile(path);
    return file;
  };
  const tokenizers = components
    .filter((name) => name.startsWith('text_encoder'))
    .map((name) => name.replace('text_encoder', 'tokenizer'))
    .flatMap((folder) => TOKENIZER_FILES.map((file) => byPath.get(`${folder}/${file}`)))
    .filter((file) => file !== undefined);
  return [
    must('model_index.json'),
    must('scheduler/scheduler_config.json'),
    ...tokenizers,
    ...components.flatMap((name) => [
      must(`${name}/config.json`),
      ...weightFiles(files, `${name}/`, WEIGHTS[name], preferHalf),
    ]),
  ];
}

/**
 * A component that is a repository by itself: config.json and its weights at the root.
 * @throws AppError unsupported-model
 */
export function chooseComponentFiles(
  files: readonly RepoFile[],
  config: RepoFile,
  component: SwappableComponent,
  preferHalf: boolean,
): RepoFile[] {
  return [config, ...weightFiles(files, '', WEIGHTS[component], preferHalf)];
}

const UPSCALER = 'Swin2SRForImageSuperResolution';

/**
 * An upscaler for onnxruntime: config.json and its graph, as transformers.js wants it or as Optimum leaves it.
 * @param config what config.json says
 * @returns null for what is none
 * @throws AppError unsupported-model where there is no such graph
 */
export function chooseUpscalerFiles(files: readonly RepoFile[], config: unknown): RepoFile[] | null {
  const keys = v.safeParse(ComponentConfig, config);
  if (!keys.success || keys.output.architectures?.[0] !== UPSCALER) return null;
  const find = (path: string) => files.find((file) => file.path === path);
  const graph = find('onnx/model.onnx') ?? find('model.onnx');
  const own = find('config.json');
  if (!graph || !own) throw unsupported(UPSCALER, 'onnx/model.onnx', 'no such file');
  return [own, graph];
}

const WEIGHT_FILE = /\.(safetensors|onnx|onnx_data|pb|data)$/;
/** A checkpoint in one file is mostly UNet, in half precision as they are handed round. */
const UNET_OF_SINGLE = 0.8;
/** What a picture of 512 × 512 takes beside the weights, a number each of 2 bytes. */
const AT_WORK = 2e8;

/**
 * What a model will take of a device, one part at a time, bytes: its largest component as it is loaded, and the picture. By
 * the files' names and sizes alone, so rough: a third more or less.
 * @param half whether the device computes in half precision
 */
export function estimateMemory(files: readonly RepoFile[], half: boolean): number {
  const numbers = new Map<string, number>();
  for (const { path, size } of files.filter(({ path }) => WEIGHT_FILE.test(path))) {
    const isSingle = !/^(unet|vae(_decoder|_encoder)?|text_encoder(_2)?)\/|^diffusion_pytorch_model/.test(
      path,
    );
    const component = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    // A ready-made graph for the web is in half precision.
    const isHalf = path.includes('.fp16') || !path.endsWith('.safetensors');
    const count = isSingle ? (UNET_OF_SINGLE * size) / 2 : size / (isHalf ? 2 : 4);
    numbers.set(component, (numbers.get(component) ?? 0) + count);
  }
  return (half ? 2 : 4) * (1.5 * Math.max(0, ...numbers.values()) + AT_WORK);
}

/** The file of one component's weights, or its shards and their index. */
function weightFiles(
  files: readonly RepoFile[],
  folder: string,
  stem: string,
  preferHalf: boolean,
): RepoFile[] {
  const inFolder = files.filter(
    ({ path }) => path.startsWith(`${folder}${stem}`) && !path.slice(folder.length).includes('/'),
  );
  const find = (name: string) => inFolder.find(({ path }) => path === folder + name);
  const full = () => variant(inFolder, find, stem, '');
  const half = () => variant(inFolder, find, stem, 'fp16');
  const chosen = preferHalf ? (half() ?? full()) : (full() ?? half());
  if (chosen) return chosen;
  const others = inFolder.map(({ path }) => path.slice(folder.length));
  const expected = `${stem}.safetensors`;
  throw unsupported(`${folder}${stem}`, expected, others.join(', ') || 'no weights');
}

/**
 * `model.fp16.safetensors`, or `model.safetensors.index.fp16.json` with `model.fp16-00001-of-00002.safetensors`; older
 * shards are `model-00001-of-00002.fp16.safetensors` (diffusers utils/hub_utils.py, `_add_variant`).
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
  const index = find(`${stem}.safetensors.index${dotted}.json`);
  if (!index) return undefined;
  const shard = /-\d+-of-\d+\./;
  const shards = files.filter(
    ({ path }) =>
      shard.test(path) && path.endsWith('.safetensors') && path.includes('.fp16') === (name !== ''),
  );
  return shards.length > 0 ? [index, ...shards] : undefined;
}

function otherPipeline(found: string): AppError {
  const details = { kind: 'not-stable-diffusion', component: 'model_index.json', found } satisfies Fault;
  const message = `model_index.json: expected a UNet, a VAE and a text encoder, found ${found}.`;
  return new AppError('unsupported-model', message, details);
}

/** A repository without a file that every one of its kind has. */
export function missingFile(path: string): AppError {
  const details = { kind: 'missing-file', component: path } satisfies Fault;
  return new AppError('unsupported-model', `${path} is missing.`, details);
}

function unsupported(component: string, expected: string, found: string): AppError {
  const details = { component, expected, found };
  return new AppError('unsupported-model', `${component}: expected ${expected}, found ${found}.`, details);
}

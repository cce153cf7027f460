import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { onTestFinished, vi } from 'vitest';
import { SCHEDULERS } from '../catalog/schedulers.ts';
import { ggufFile } from '../checkpoint/gguf/samples/gguf-file.ts';
import { readTensors, readValues, type Tensors } from '../checkpoint/weights.ts';
import { listFiles, repoInfo } from '../hub/hub.ts';
import { type ModelFiles, parseJson } from '../hub/repo.ts';
import { parseRepoName } from '../hub/repo-name.ts';
import { searchHub } from '../hub/search-hub.ts';
import { checkFile, checkModel } from '../loaders/install/check-model.ts';
import { chooseFiles } from '../loaders/install/choose-files.ts';
import { judgeRepo } from '../loaders/install/judge-repo.ts';
import { readModelConfigs } from '../loaders/model-configs.ts';
import { onnxConfigs } from '../loaders/onnx/onnx-configs.ts';
import { readTextEncoder } from '../loaders/open-tokenizer.ts';
import { loaderOf } from '../loaders/pipelines.ts';
import { readModelIndex } from '../loaders/repository-layout.ts';
import { readWeightFiles } from '../loaders/weight-files.ts';
import type { Random } from '../numerics/random.ts';
import { bytes, join as joined } from '../onnx/protobuf.ts';
import { readFields } from '../onnx/wire.ts';
import { promptChunks } from '../prompt/chunks.ts';
import { createScheduler } from '../schedulers/index.ts';
import { fuzz } from './samples/fuzz.ts';
import { anyBytes, anyJson, anyText } from './samples/mutations.ts';

const SRC = join(import.meta.dirname, '..');
const SD1 = join(SRC, '../e2e/tiny-model');
const SDXL = join(SRC, 'pipeline/golden/families/sdxl');
const ONNX = join(SRC, 'pipeline/golden/onnx/lcm');

const SAVED = new Map<string, Blob>();

/** A repository in a folder, with other texts in the place of some of its files. */
function repository(folder: string, texts: ReadonlyMap<string, string | Blob>): ModelFiles {
  const file = async (path: string) => {
    const text = texts.get(path);
    if (text !== undefined) return new Blob([text]);
    const whole = join(folder, path);
    const saved = SAVED.get(whole) ?? new Blob([new Uint8Array(readFileSync(whole))]);
    SAVED.set(whole, saved);
    return saved;
  };
  return {
    has: (path) => texts.has(path) || existsSync(join(folder, path)),
    file,
    json: async (path) => parseJson(path, await (await file(path)).text()),
  };
}

const jsonOf = (folder: string, path: string): unknown =>
  JSON.parse(readFileSync(join(folder, path), 'utf8'));
const indexOf = async (files: ModelFiles) => readModelIndex(await files.json('model_index.json'));

/** The tensors of a folder's components, whose headers are read once. */
const tensorsOf = (folder: string) => {
  const read = new Map<string, Promise<Tensors>>();
  return (name: string) => {
    const tensors = read.get(name) ?? readWeightFiles(repository(folder, new Map()), name);
    read.set(name, tensors);
    return tensors;
  };
};

const HALVES: Random = { randn: (shape) => ({ shape, data: Float32Array.of(0.5, 0.5) }) };

const check = async (files: ModelFiles) => loaderOf(await indexOf(files)).check(files);

/** What a configuration of a component is asked before the weights are fetched. */
async function build(files: ModelFiles, tensors: (name: string) => Promise<Tensors>) {
  await check(files);
  await checkModel({ files, tensors });
}

/** What a sampler is asked when it paints. */
async function sample(files: ModelFiles) {
  await check(files);
  const { schedulerConfig } = await readModelConfigs(files, () => {});
  for (const { className, config } of Object.values(SCHEDULERS)) {
    const scheduler = createScheduler(className, { ...schedulerConfig(className, false), ...config });
    const plan = scheduler.plan(5);
    const stepper = scheduler.start(plan, HALVES, { eta: 0 });
    const latents = Float32Array.of(1, -1);
    for (const i of plan.timesteps.keys()) stepper.step(latents, stepper.scaleModelInput(latents, i), i);
  }
}

/** What a tokenizer is asked when it counts and when it paints. */
async function tokenize(files: ModelFiles) {
  const { tokenizer } = await readTextEncoder(files, 'text_encoder');
  promptChunks(tokenizer, 'a (red:1.2) apple, ÄΣ😀 <cat-toy> ab constructor', []);
}

for (const [name, folder, paths] of [
  ['SD 1', SD1, ['model_index', 'unet/config', 'vae/config', 'text_encoder/config']],
  ['SDXL', SDXL, ['model_index', 'unet/config', 'text_encoder_2/config']],
] as const) {
  const tensors = tensorsOf(folder);
  for (const path of paths.map((stem) => `${stem}.json`))
    fuzz(`${name}: ${path}`, anyJson(jsonOf(folder, path)), (text) =>
      build(repository(folder, new Map([[path, text]])), tensors),
    );
}

const SAMPLER = 'scheduler/scheduler_config.json';
for (const folder of [SD1, SDXL])
  fuzz(`${folder === SD1 ? 'SD 1' : 'SDXL'}: ${SAMPLER}`, anyJson(jsonOf(folder, SAMPLER)), (text) =>
    sample(repository(folder, new Map([[SAMPLER, text]]))),
  );

const CONFIG = 'tokenizer/tokenizer_config.json';
const DECODER = { 813: { content: '<a>', single_word: true, normalized: true, special: false } };
const MERGES = 'tokenizer/merges.txt';
for (const [folder, path, damaged] of [
  [SD1, CONFIG, anyJson({ ...(jsonOf(SD1, CONFIG) as object), added_tokens_decoder: DECODER })],
  [SD1, CONFIG, anyJson(jsonOf(SD1, CONFIG))],
  ...['special_tokens_map.json', 'vocab.json'].map(
    (file) => [SD1, `tokenizer/${file}`, anyJson(jsonOf(SD1, `tokenizer/${file}`))] as const,
  ),
  [SD1, MERGES, anyText(readFileSync(join(SD1, MERGES), 'utf8'))],
  [SD1, 'tokenizer/added_tokens.json', anyJson({ '<cat-toy>': 813, '<dog (red)>': 814, ab: 815 })],
  [SDXL, 'tokenizer/tokenizer.json', anyJson(jsonOf(SDXL, 'tokenizer/tokenizer.json'))],
] as const)
  fuzz(path, damaged, (text) => tokenize(repository(folder, new Map([[path, text]]))));

const INDEX = 'unet/diffusion_pytorch_model.safetensors.index.json';
const WEIGHTS = 'unet/diffusion_pytorch_model.safetensors';
fuzz(
  'index of shards',
  anyJson({
    metadata: { total_size: 9 },
    weight_map: { 'conv_in.weight': 'diffusion_pytorch_model.safetensors', 'conv_in.bias': 'b.safetensors' },
  }),
  (text) =>
    readWeightFiles(
      // The whole file stands for every shard.
      {
        ...repository(SD1, new Map([[INDEX, text]])),
        has: (path) => path === INDEX || /\/[ab]?[\w.]*safetensors$/.test(path),
        file: async () => new Blob([new Uint8Array(readFileSync(join(SD1, WEIGHTS)))]),
      },
      'unet',
    ),
);

const list = ['model_index.json', 'scheduler/scheduler_config.json', WEIGHTS, 'vae/config.json'].map(
  (path) => ({
    path,
    size: 9,
    oid: path,
  }),
);
fuzz('model_index.json, when files are chosen', anyJson(jsonOf(SD1, 'model_index.json')), (text) =>
  chooseFiles(list, parseJson('model_index.json', text), true),
);

const stub = (answer: string) => {
  vi.stubGlobal('fetch', async () => new Response(answer, { headers: { link: '<a>; rel="last"' } }));
  onTestFinished(() => void vi.unstubAllGlobals());
};
const ACCESS = { endpoint: 'https://hub.test', token: null };
const SHA = 'a'.repeat(40);
const { signal } = new AbortController();
fuzz(
  'the Hub about a repository',
  anyJson({ sha: SHA, cardData: { license: 'mit' }, tags: ['license:mit'] }),
  (text) => {
    stub(text);
    return repoInfo(ACCESS, { repo: 'a/b', revision: 'main', file: null }, signal);
  },
);
fuzz(
  'the Hub’s list of files',
  anyJson([
    { type: 'file', path: 'unet/config.json', size: 9, oid: SHA },
    { type: 'file', path: 'a.safetensors', size: 9, oid: SHA, lfs: { oid: 'b'.repeat(64), size: 9 } },
  ]),
  async (text) => {
    stub(text);
    chooseFiles(await listFiles(ACCESS, 'a/b', SHA, signal), jsonOf(SD1, 'model_index.json'), false);
  },
);
fuzz(
  'the Hub’s answer to a search',
  anyJson([
    {
      ...{ id: 'a/b', downloads: 9, gated: false, tags: ['license:mit', 'lora'], usedStorage: 9 },
      ...{ config: { diffusers: { _class_name: 'FluxPipeline' } }, siblings: [{ rfilename: 'a.bin' }] },
    },
  ]),
  async (text) => {
    stub(text);
    (await searchHub(ACCESS, 'a', signal)).map(judgeRepo);
  },
);
fuzz(
  'addresses of the Hub',
  fc.oneof(
    anyText('https://huggingface.co/owner/name/blob/refs%2Fpr%2F1/unet/a.safetensors?download=true#x'),
    anyText('owner/name@refs/pr/6/a.safetensors'),
  ),
  (text) => parseRepoName(text, 'https://hub.test/mirror'),
);

const graph = new Uint8Array(readFileSync(join(ONNX, 'unet/model.onnx')));
fuzz('ONNX graphs', anyBytes(graph, 20_000), async (bytes) => {
  const files = repository(ONNX, new Map());
  const read = await onnxConfigs({
    ...files,
    file: (path) => (path === 'unet/model.onnx' ? Promise.resolve(bytes) : files.file(path)),
  });
  await check(read);
});
/** The graphs with their inputs and outputs alone: the configurations beside them are what is damaged. */
const hollow = new Map(
  ['unet', 'vae_decoder', 'text_encoder'].map((name) => {
    const fields = [...readFields(new Uint8Array(readFileSync(join(ONNX, name, 'model.onnx'))), Error)];
    const graph = fields.find(({ number }) => number === 7)?.content ?? new Uint8Array();
    const ends = [...readFields(graph, Error)].filter(({ number }) => number === 11 || number === 12);
    const message = [
      bytes(
        7,
        ends.map(({ number, content }) => bytes(number, content)),
      ),
    ];
    return [`${name}/model.onnx`, new Blob([joined(message)])] as const;
  }),
);
for (const path of [
  'model_index.json',
  'unet/config.json',
  'vae_decoder/config.json',
  'text_encoder/config.json',
])
  fuzz(`ONNX: ${path}`, anyJson(jsonOf(ONNX, path)), async (text) => {
    const read = await onnxConfigs(
      repository(ONNX, new Map<string, string | Blob>([...hollow, [path, text]])),
    );
    await check(read);
  });

/** A checkpoint in one file, of which only the header is damaged. */
const single = jsonOf(join(SRC, 'loaders/golden/single-file'), 'sd1.json') as {
  file: Record<string, readonly number[]>;
};
let end = 0;
const header = Object.entries(single.file).map(([name, shape]) => {
  const begin = end;
  end += 2 * shape.reduce((a, b) => a * b, 1);
  return [name, { dtype: 'F16', shape, data_offsets: [begin, end] }] as const;
});
const data = new Uint8Array(end);
const withHeader = (text: string) => {
  const bytes = new TextEncoder().encode(text);
  return new Blob([BigUint64Array.of(BigInt(bytes.length)), bytes, data]);
};
fuzz('headers of checkpoints', anyJson(Object.fromEntries(header)), (text) =>
  checkFile('a.safetensors', withHeader(text)),
);
/** The sound header with one tensor renamed, retyped or reshaped, and its place kept. */
const renamed = fc
  .tuple(fc.nat(), fc.constantFrom('constructor', '__proto__', 'a.lora_up.weight', 'model.ema.x'), fc.nat(2))
  .map(([at, name, kind]) => {
    const entries = header.map(([key, entry], i) => {
      if (i !== at % header.length) return [key, entry] as const;
      if (kind === 0) return [name, entry] as const;
      const [first = 1, ...rest] = entry.shape;
      const shape = kind === 1 ? [1, first, ...rest] : [...rest, first];
      return [key, { ...entry, shape }] as const;
    });
    return JSON.stringify(Object.fromEntries(entries));
  });
fuzz('tensors of checkpoints', renamed, (text) => checkFile('a.safetensors', withHeader(text)));
/** The same as a GGUF file, of which the header is damaged, and one with metadata of every type and blocks of every type. */
const TENSORS = Object.entries(single.file).map(([name, shape]) => {
  const bytes = new Uint8Array(2 * shape.reduce((a, b) => a * b, 1));
  return [name, { sizes: shape.toReversed(), type: 1, bytes }] as const;
});
const METADATA = { 'general.architecture': 'sd1', 'general.alignment': 32 };
const asGguf = new Uint8Array(
  await ggufFile({ metadata: METADATA, tensors: Object.fromEntries(TENSORS) }).arrayBuffer(),
);
const everyBlock = new Uint8Array(readFileSync(join(SRC, 'checkpoint/golden/gguf/blocks.gguf')));
for (const [what, bytes] of [
  ['headers of GGUF files', asGguf],
  ['GGUF files with all blocks', everyBlock],
] as const)
  fuzz(what, anyBytes(bytes), async (damaged) => {
    for (const tensor of (await readTensors('a.gguf', damaged)).values()) await readValues(tensor);
    await checkFile('a.gguf', damaged);
  });
/** PyTorch's own files are zips or pickles; neither is ever opened. */
fuzz(
  'pickles',
  anyBytes(Uint8Array.from([0x80, 2, ...new TextEncoder().encode('}q\u0000X\u0005state_dict.')])),
  (bytes) => checkFile('a.ckpt', bytes),
);

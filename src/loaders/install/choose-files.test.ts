import { describe, expect, test } from 'vitest';
import type { RepoFile } from '../../protocol/models.ts';
import { readWeightFiles } from '../weight-files.ts';
import { chooseComponentFiles, chooseDepthFiles, chooseFiles, chooseUpscalerFiles } from './choose-files.ts';
import { chooseOnnxFiles } from './choose-onnx-files.ts';

const files = (...paths: string[]): RepoFile[] =>
  paths.map((path) => ({ path, size: 1, oid: 'a'.repeat(40) }));
const paths = (list: readonly RepoFile[]) => list.map(({ path }) => path).sort();

const INDEX = {
  _class_name: 'StableDiffusionPipeline',
  text_encoder: ['transformers', 'CLIPTextModel'],
  tokenizer: ['transformers', 'CLIPTokenizer'],
  unet: ['diffusers', 'UNet2DConditionModel'],
  vae: ['diffusers', 'AutoencoderKL'],
  scheduler: ['diffusers', 'PNDMScheduler'],
  safety_checker: [null, null],
};
const SMALL = [
  'model_index.json',
  'scheduler/scheduler_config.json',
  'text_encoder/config.json',
  'tokenizer/merges.txt',
  'tokenizer/tokenizer_config.json',
  'tokenizer/vocab.json',
  'unet/config.json',
  'vae/config.json',
];
/** As stable-diffusion-v1-5/stable-diffusion-v1-5 lists them. */
const SD15 = files(
  ...SMALL,
  '.gitattributes',
  'README.md',
  'v1-inference.yaml',
  'v1-5-pruned-emaonly.ckpt',
  'v1-5-pruned-emaonly.safetensors',
  'feature_extractor/preprocessor_config.json',
  'safety_checker/config.json',
  'safety_checker/model.fp16.safetensors',
  'safety_checker/model.safetensors',
  'safety_checker/pytorch_model.bin',
  'tokenizer/special_tokens_map.json',
  ...['text_encoder/model', 'unet/diffusion_pytorch_model', 'vae/diffusion_pytorch_model'].flatMap((stem) => [
    `${stem}.safetensors`,
    `${stem}.fp16.safetensors`,
    `${stem}.bin`,
    `${stem}.fp16.bin`,
  ]),
  'unet/diffusion_pytorch_model.non_ema.safetensors',
  'unet/diffusion_pytorch_model.non_ema.bin',
);

test('what a tokenizer’s folder says about its tokens is chosen with it', () => {
  const tokens = ['tokenizer/special_tokens_map.json', 'tokenizer/added_tokens.json'];
  const chosen = paths(chooseFiles([...SD15, ...files('tokenizer/added_tokens.json')], INDEX, true));
  expect(chosen).toEqual(expect.arrayContaining(tokens));
});

test('of Stable Diffusion 1.5, each component is chosen once, and nothing else', () => {
  const rest = [...SMALL, 'tokenizer/special_tokens_map.json'];
  const weights = (variant: string) => [
    `text_encoder/model${variant}.safetensors`,
    `unet/diffusion_pytorch_model${variant}.safetensors`,
    `vae/diffusion_pytorch_model${variant}.safetensors`,
  ];
  // What is no name of a component is no folder either.
  const entry = ['diffusers', 'AutoencoderKL'];
  const climbing = { ...INDEX, '../vae': entry, 'text_encoder_2/../..': entry, 'vae/..': entry };
  expect(paths(chooseFiles(SD15, climbing, true))).toEqual(paths(chooseFiles(SD15, INDEX, true)));
  expect(paths(chooseFiles(SD15, INDEX, true))).toEqual([...rest, ...weights('.fp16')].sort());
  expect(paths(chooseFiles(SD15, INDEX, false))).toEqual([...rest, ...weights('')].sort());
});

test('components that come in one precision only are taken in that one', () => {
  const list = files(
    ...SMALL,
    'text_encoder/model.safetensors',
    'unet/diffusion_pytorch_model.fp16.safetensors',
    'vae/diffusion_pytorch_model.safetensors',
  );
  const expected = paths(list);
  expect(paths(chooseFiles(list, INDEX, true))).toEqual(expected);
  expect(paths(chooseFiles(list, INDEX, false))).toEqual(expected);
});

describe('weights in shards are chosen', () => {
  const rest = ['text_encoder/model.safetensors', 'vae/diffusion_pytorch_model.safetensors'];
  const unet = 'unet/diffusion_pytorch_model';
  test.each([
    ['in full', '', [`${unet}-00001-of-00002.safetensors`, `${unet}-00002-of-00002.safetensors`]],
    [
      'in half',
      '.fp16',
      [`${unet}.fp16-00001-of-00002.safetensors`, `${unet}.fp16-00002-of-00002.safetensors`],
    ],
    [
      'in half, with old names',
      '.fp16',
      [`${unet}-00001-of-00002.fp16.safetensors`, `${unet}-00002-of-00002.fp16.safetensors`],
    ],
  ])('%s', (_, variant, shards) => {
    const chosen = [...SMALL, ...rest, `${unet}.safetensors.index${variant}.json`, ...shards];
    expect(paths(chooseFiles(files(...chosen, 'unet/x.bin'), INDEX, true))).toEqual(chosen.toSorted());
  });

  // The names of diffusers' pipeline_loading_utils.py, legacy_variant_index_re.
  test('in half, with the index’s old name, and readable by it', async () => {
    const shards = [`${unet}-00001-of-00002.fp16.safetensors`, `${unet}-00002-of-00002.fp16.safetensors`];
    const index = `${unet}.safetensors.fp16.index.json`;
    const chosen = [...SMALL, ...rest, index, ...shards];
    expect(paths(chooseFiles(files(...chosen), INDEX, true))).toEqual(chosen.toSorted());
    const header = new TextEncoder().encode('{"w":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}');
    const shard = new Blob([BigUint64Array.of(BigInt(header.length)), header, new Uint8Array(2)]);
    const weight_map = { w: 'diffusion_pytorch_model-00002-of-00002.fp16.safetensors' };
    const tensors = await readWeightFiles(
      {
        has: (path) => [index, ...shards].includes(path),
        file: async () => shard,
        json: async () => ({ weight_map }),
      },
      'unet',
    );
    expect([...tensors.keys()]).toEqual(['w']);
  });

  test('without those that training left, in either precision', () => {
    const shards = (name: string) => [1, 2].map((i) => `${unet}${name}-0000${i}-of-00002.safetensors`);
    const full = [`${unet}.safetensors.index.json`, ...shards('')];
    const half = [`${unet}.safetensors.index.fp16.json`, ...shards('.fp16')];
    const training = [
      `${unet}.non_ema.safetensors.index.json`,
      ...shards('.non_ema'),
      ...shards('.non_ema.fp16'),
    ];
    const list = files(...SMALL, ...rest, ...full, ...half, ...training);
    expect(paths(chooseFiles(list, INDEX, false))).toEqual([...SMALL, ...rest, ...full].toSorted());
    expect(paths(chooseFiles(list, INDEX, true))).toEqual([...SMALL, ...rest, ...half].toSorted());
  });

  test('in one precision, where there are both', () => {
    const both = [
      ...SMALL,
      ...rest,
      `${unet}.safetensors.index.json`,
      `${unet}-00001-of-00001.safetensors`,
      `${unet}.safetensors.index.fp16.json`,
      `${unet}.fp16-00001-of-00001.safetensors`,
    ];
    expect(paths(chooseFiles(files(...both), INDEX, true))).not.toContain(
      `${unet}-00001-of-00001.safetensors`,
    );
    expect(paths(chooseFiles(files(...both), INDEX, false))).not.toContain(
      `${unet}.fp16-00001-of-00001.safetensors`,
    );
  });
});

test('SDXL has a second text encoder and tokenizer', () => {
  const index = { ...INDEX, text_encoder_2: ['transformers', 'CLIPTextModelWithProjection'] };
  const list = [
    ...SMALL,
    'text_encoder/model.safetensors',
    'text_encoder_2/config.json',
    'text_encoder_2/model.safetensors',
    'tokenizer_2/vocab.json',
    'unet/diffusion_pytorch_model.safetensors',
    'vae/diffusion_pytorch_model.safetensors',
  ];
  expect(paths(chooseFiles(files(...list), index, true))).toEqual(list.toSorted());
});

test.each([
  ['pickles only', 'text_encoder/pytorch_model.bin', { kind: 'only-pickles', component: 'text_encoder' }],
  [
    'weights of another program',
    'text_encoder/model.msgpack',
    { kind: 'other-part', component: 'text_encoder', found: 'model.msgpack' },
  ],
  ['no weights at all', 'README.md', { kind: 'missing-part', component: 'text_encoder' }],
])('%s are refused, and named in the error', (_, weights, details) => {
  const list = files(...SMALL, weights, 'unet/diffusion_pytorch_model.safetensors');
  expect(() => chooseFiles(list, INDEX, true)).toThrow(
    expect.objectContaining({ code: 'unsupported-model', details: expect.objectContaining(details) }),
  );
});

test.each([
  ['no index', null],
  [
    'a model without a UNet',
    { _class_name: 'FluxPipeline', transformer: ['diffusers', 'FluxTransformer2DModel'] },
  ],
  ['an index of nonsense', { unet: 'yes', vae: 3 }],
])('%s is not Stable Diffusion', (_, index) => {
  expect(() => chooseFiles(SD15, index, true)).toThrow(
    expect.objectContaining({ code: 'unsupported-model' }),
  );
});

test('an index without a text encoder is said to lack it', () => {
  const { text_encoder: _, _class_name: __, ...index } = INDEX;
  const details = { kind: 'missing-component', file: 'model_index.json', component: 'text_encoder' };
  expect(() => chooseFiles(SD15, index, true)).toThrow(expect.objectContaining({ details }));
});

// playgroundai/playground-v2.5-1024px-aesthetic's index names the second.
test.each([
  ['CosineDPMSolverMultistepScheduler', true],
  ['EDMDPMSolverMultistepScheduler', false],
  ['EDMEulerScheduler', false],
])('a repository whose sampler is %s is refused before anything is fetched: %s; its graph always', (className, isRefused) => {
  const index = { ...INDEX, scheduler: ['diffusers', className] };
  const refused = expect.objectContaining({
    code: 'unsupported-model',
    details: { kind: 'needs-sampler', component: 'scheduler', found: className },
  });
  if (isRefused) expect(() => chooseFiles(SD15, index, true)).toThrow(refused);
  else expect(() => chooseFiles(SD15, index, true)).not.toThrow();
  expect(() => chooseOnnxFiles(SD15, index)).toThrow(refused);
});

test('a VAE that is a repository by itself has its files at the root', () => {
  const list = files(
    'config.json',
    'diffusion_pytorch_model.safetensors',
    'taesd_decoder.safetensors',
    'README.md',
  );
  expect(paths(chooseComponentFiles(list, list[0] as RepoFile, 'vae', true))).toEqual([
    'config.json',
    'diffusion_pytorch_model.safetensors',
  ]);
});

test('of a model that estimates depth, both configurations and the graph in full precision are chosen', () => {
  const chosen = ['config.json', 'onnx/model.onnx', 'preprocessor_config.json'];
  const published = files(
    ...chosen,
    'README.md',
    'onnx/model_fp16.onnx',
    'onnx/model_q4.onnx',
    'quantize_config.json',
  );
  expect(paths(chooseDepthFiles(published, { model_type: 'depth_anything' }) ?? [])).toEqual(chosen);
  expect(chooseDepthFiles(published, { model_type: 'metric3d' })).toBeNull();
  expect(chooseDepthFiles(published, undefined)).toBeNull();
  const withoutGraph = files('config.json', 'preprocessor_config.json', 'model.safetensors');
  expect(() => chooseDepthFiles(withoutGraph, { model_type: 'depth_anything' })).toThrow(
    expect.objectContaining({ details: { kind: 'missing-file', component: 'onnx/model.onnx' } }),
  );
});

test('of an upscaler, the configuration and the graph in full precision are chosen', () => {
  const config = { architectures: ['Swin2SRForImageSuperResolution'], upscale: 4 };
  const xenova = files('README.md', 'config.json', 'onnx/model.onnx', 'onnx/model_fp16.onnx');
  expect(paths(chooseUpscalerFiles(xenova, config) ?? [])).toEqual(['config.json', 'onnx/model.onnx']);
  const optimum = files('config.json', 'model.onnx', 'preprocessor_config.json');
  expect(paths(chooseUpscalerFiles(optimum, config) ?? [])).toEqual(['config.json', 'model.onnx']);
  expect(chooseUpscalerFiles(xenova, { architectures: ['CLIPTextModel'] })).toBeNull();
  expect(chooseUpscalerFiles(xenova, undefined)).toBeNull();
  expect(() => chooseUpscalerFiles(files('config.json', 'pytorch_model.bin'), config)).toThrow(
    expect.objectContaining({ code: 'unsupported-model' }),
  );
});

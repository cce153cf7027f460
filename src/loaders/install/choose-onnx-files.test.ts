import { expect, test } from 'vitest';
import type { RepoFile } from '../../protocol/models.ts';
import { isOnnxRepository } from '../repository-layout.ts';
import { chooseOnnxFiles } from './choose-onnx-files.ts';

const files = (...paths: string[]): RepoFile[] =>
  paths.map((path) => ({ path, size: 1, oid: 'a'.repeat(40) }));
const chosen = (list: readonly RepoFile[], index: unknown = {}) =>
  chooseOnnxFiles(list, index)
    .map(({ path }) => path)
    .sort();

const SMALL = [
  'model_index.json',
  'scheduler/scheduler_config.json',
  'tokenizer/merges.txt',
  'tokenizer/special_tokens_map.json',
  'tokenizer/tokenizer_config.json',
  'tokenizer/vocab.json',
];
const GRAPHS = ['text_encoder/model.onnx', 'unet/model.onnx', 'vae_decoder/model.onnx'];

test('of schmuell/sd-turbo-ort-web, each graph is chosen once, with the VAE’s encoder', () => {
  const list = files(
    ...[...SMALL, ...GRAPHS, 'vae_encoder/model.onnx'],
    ...['.gitattributes', 'README.md', 'feature_extractor/preprocessor_config.json'],
  );
  expect(chosen(list)).toEqual([...SMALL, ...GRAPHS, 'vae_encoder/model.onnx'].sort());
});

test('weights beside a graph are chosen, whatever their names, and nothing else', () => {
  const weights = [
    'unet/model.onnx_data',
    'unet/weights.pb',
    'unet/model_int8.onnx.data',
    'unet/onnx__MatMul_77',
  ];
  const configs = ['unet/config.json', 'vae_decoder/config.json', 'vae/config.json'];
  const list = files(
    ...[...SMALL, ...GRAPHS, ...weights, ...configs],
    ...['unet/model_q4.onnx', 'unet/model_q4.onnx_data', 'unet/model_layernorm.onnx'],
    ...['unet/diffusion_pytorch_model.bin', 'unet/model.pkl', 'unet/.DS_Store', 'unet/old/model.onnx_data'],
    ...['safety_checker/model.onnx', 'safety_checker/weights.pb', 'vae/diffusion_pytorch_model.bin'],
  );
  expect(chosen(list)).toEqual([...SMALL, ...GRAPHS, ...weights, ...configs].sort());
});

test('SDXL has two text encoders and tokenizers', () => {
  const second = [
    'text_encoder_2/model.onnx',
    'text_encoder_2/model.onnx_data',
    'tokenizer_2/tokenizer.json',
  ];
  const list = files(...SMALL, ...GRAPHS, ...second);
  const index = { text_encoder_2: ['diffusers', 'OnnxRuntimeModel'] };
  expect(chosen(list, index)).toEqual([...SMALL, ...GRAPHS, ...second].sort());
  expect(() => chosen(files(...SMALL, ...GRAPHS), index)).toThrow('text_encoder_2/model.onnx');
});

test.each([
  ...GRAPHS,
  'model_index.json',
  'scheduler/scheduler_config.json',
])('a repository without %s is refused, and the file named in the error', (missing) => {
  const list = files(...SMALL, ...GRAPHS).filter(({ path }) => path !== missing);
  expect(() => chosen(list)).toThrowError(
    expect.objectContaining({
      code: 'unsupported-model',
      details: { kind: 'missing-file', component: missing },
    }),
  );
});

test('a repository with both graphs and safetensors is not an ONNX repository', () => {
  expect(isOnnxRepository(files(...SMALL, ...GRAPHS))).toBe(true);
  expect(isOnnxRepository(files(...GRAPHS, 'unet/diffusion_pytorch_model.safetensors'))).toBe(false);
  expect(isOnnxRepository(files('unet/config.json'))).toBe(false);
});

import { expect, test } from 'vitest';
import type { RepoFile } from '../../protocol/models.ts';
import { chooseSegmenterFiles, chooseUpscalerFiles } from './choose-files.ts';

const files = (...paths: string[]): RepoFile[] =>
  paths.map((path) => ({ path, size: 1, oid: 'a'.repeat(40) }));

const SAM = { architectures: ['SamModel'], model_type: 'sam' };
/** As Xenova/slimsam-77-uniform and BritishWerewolf/U-2-Netp list them. */
const SLIMSAM = files(
  ...['.gitattributes', 'README.md', 'config.json', 'preprocessor_config.json', 'quantize_config.json'],
  ...['', '_fp16', '_quantized'].flatMap((end) => [
    `onnx/prompt_encoder_mask_decoder${end}.onnx`,
    `onnx/vision_encoder${end}.onnx`,
  ]),
);
const U2NET = files('README.md', 'config.json', 'preprocessor_config.json', 'onnx/model.onnx');

test('a segmenter is its configurations and both graphs in full precision', () => {
  expect(chooseSegmenterFiles(SLIMSAM, SAM)).toEqual({
    type: 'segmenter',
    files: files(
      ...['config.json', 'preprocessor_config.json', 'onnx/vision_encoder.onnx'],
      'onnx/prompt_encoder_mask_decoder.onnx',
    ),
  });
  expect(() => chooseSegmenterFiles(U2NET, SAM)).toThrow('onnx/vision_encoder.onnx is missing.');
  expect(chooseUpscalerFiles(SLIMSAM, SAM)).toBeNull();
});

test('a model that removes backgrounds is told by its model_type, and all others are none', () => {
  expect(chooseSegmenterFiles(U2NET, { model_type: 'u2net' })).toEqual({
    type: 'background_removal',
    files: files('config.json', 'preprocessor_config.json', 'onnx/model.onnx'),
  });
  for (const config of [{ model_type: 'modnet' }, { model_type: 'clip' }, null, 'u2net'])
    expect(chooseSegmenterFiles(U2NET, config)).toBeNull();
});

import { expect, test } from 'vitest';
import { isRepoPath } from './repo-path.ts';

test.each([
  'model_index.json',
  'unet/diffusion_pytorch_model-00001-of-00002.safetensors',
  'my model (v1.5) 50%.safetensors',
  'a..b/..c/d...',
  '.gitattributes',
  'モデル/重み.safetensors',
])('%j is a path of a repository', (path) => {
  expect(isRepoPath(path)).toBe(true);
});

const CLIMBING = ['..', '../x', 'a/../../x', 'a/..', './x', 'a/./b', 'a//b', '/etc/x', 'a/', ''];
const ENCODED = ['%2e%2e/x', '.%2E/x', 'a/%2E./b', '..%2fx', '%2e', 'a%2f..%2Fb', '%2fx'];
const OTHERS = ['..\\x', 'a\\..\\b', 'C:\\x', '..%5cx', 'a\nb', 'a\0b'];
test.each([...CLIMBING, ...ENCODED, ...OTHERS])('%j is none', (path) => {
  expect(isRepoPath(path)).toBe(false);
});

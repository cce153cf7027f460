import { expect, test } from 'vitest';
import type { StoredTensor } from '../checkpoint/weights.ts';
import { currentNames } from './weight-files.ts';

const tensor: StoredTensor = {
  ...{ dtype: 'F32', shape: [1], offset: 0, length: 4 },
  ...{ path: 'x', blob: new Blob() },
};

test('the attention of old VAE files has its new names', () => {
  const old = { query: 'to_q', key: 'to_k', value: 'to_v', proj_attn: 'to_out.0' };
  const at = (name: string) => `mid_block.attentions.0.${name}.bias`;
  const tensors = new Map(Object.keys(old).map((name) => [at(name), tensor]));
  expect([...currentNames(tensors).keys()]).toEqual(Object.values(old).map(at));
});

test('other names stay as they are', () => {
  const names = ['mid_block.attentions.0.to_q.bias', 'key.weight', 'attentions.1.query.weight'];
  const tensors = new Map(names.map((name) => [name, tensor]));
  expect([...currentNames(tensors).keys()]).toEqual(names);
});

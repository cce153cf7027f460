/** Every fact that some fault has. */
export const FACTS = {
  ...{ component: 'text_encoder', file: 'x.safetensors', key: 'conv_in', lora: 'style', token: 'word' },
  ...{ control: 'canny', adapter: 'plus' },
  ...{ expected: 'a [1]', found: 'a [2]', method: 'VeRA', host: 'example.org', status: 404, model: 'tiny' },
  ...{ most: 50, least: 4, strength: 0.1, steps: 3, layers: 12, width: 64, height: 64, bits: 4 },
  ...{ repo: 'a/b', revision: 'main', what: 'model', field: 'seed', count: 2 },
};

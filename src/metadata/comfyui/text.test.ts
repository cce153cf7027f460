import { expect, test } from 'vitest';
import { type Inputs, node, read, sampler } from './samples/sample-graph.ts';

test('texts are found through nodes that combine or change conditionings, and through nodes that hold a text', () => {
  const found = read({
    '3': sampler({ positive: ['20', 0], negative: ['20', 1], seed: ['30', 0] }),
    '20': node('ControlNetApplyAdvanced', {
      positive: ['21', 0],
      negative: ['7', 0],
      control_net: ['40', 0],
    }),
    '21': node('ConditioningCombine', { conditioning_1: ['6', 0], conditioning_2: ['22', 0] }),
    '22': node('CLIPTextEncode', { text: ['31', 0], clip: ['4', 1] }),
    '30': node('Seed (rgthree)', { seed: 77 }),
    '31': node('PrimitiveString', { value: 'a hat' }),
  });
  expect(found?.settings).toMatchObject({ negativePrompt: 'a dog', seed: 77 });
  expect(found?.settings.prompt?.split(', ').toSorted()).toEqual(['a cat', 'a hat']);
});

test('square brackets are escaped, and an embedding loses its prefix', () => {
  const text = 'a [red:1.2] cat, (embedding:easynegative.pt:1.1)';
  expect(read({ '6': node('CLIPTextEncode', { text, clip: ['4', 1] }) })?.settings.prompt).toBe(
    'a \\[red:1.2\\] cat, (easynegative:1.1)',
  );
});

test('texts are joined as the nodes join them', () => {
  const joined = (inputs: Inputs, class_type = 'Text Concatenate') =>
    read({
      '6': node('CLIPTextEncode', { text: ['30', 0], clip: ['4', 1] }),
      '30': node(class_type, inputs),
      '31': node('PrimitiveString', { value: 'a dog' }),
    })?.settings.prompt;
  // WAS Node Suite's leaves out what is empty; ComfyUI's own does not (comfy_extras/nodes_string.py).
  expect(joined({ text_a: 'a cat', text_b: ['31', 0], text_c: '', delimiter: ', ' })).toBe('a cat, a dog');
  expect(joined({ text_a: ' a ', text_b: 'b', delimiter: '\\n', clean_whitespace: 'true' })).toBe('a\nb');
  expect(joined({ string_a: '', string_b: ['31', 0], delimiter: ', ' }, 'StringConcatenate')).toBe(', a dog');
  expect(joined({ prompt1: 'a', prompt2: 'b', separator: ' / ' }, 'easy promptConcat')).toBe('a / b');
  expect(joined({ wildcard_text: '__animal__', populated_text: 'a fox' }, 'ImpactWildcardProcessor')).toBe(
    'a fox',
  );
});

test.each([
  [
    'a text that a model writes',
    {
      '6': node('CLIPTextEncode', { text: ['30', 0], clip: ['4', 1] }),
      '30': node('OllamaGenerate', { prompt: 'x' }),
    },
  ],
  ['a link to nothing', { '6': node('CLIPTextEncode', { text: ['99', 0], clip: ['4', 1] }) }],
  [
    'an unknown source of conditionings',
    { '3': sampler({ positive: ['30', 0] }), '30': node('UnknownEncoder', {}) },
  ],
  [
    'one of two texts',
    {
      '3': sampler({ positive: ['30', 0] }),
      '30': node('ConditioningCombine', { conditioning_1: ['6', 0], conditioning_2: ['31', 0] }),
      '31': node('UnknownEncoder', {}),
    },
  ],
  ['nothing at all', { '3': sampler({ positive: undefined }) }],
])('where the prompt cannot be read, it stays as it is and is named: %s', (_, graph) => {
  const found = read(graph);
  expect(found?.settings).not.toHaveProperty('prompt');
  expect(found?.notes).toContainEqual({ kind: 'unread', name: 'prompt' });
  expect(found?.settings.negativePrompt).toBe('a dog');
});

test.each([
  ['StringSubstring', { string: 'a big red cat', start: 2, end: 5 }],
  ['CaseConverter', { string: 'a', mode: 'UPPERCASE' }],
  ['StringTrim', { string: ' a ', mode: 'Both' }],
  [
    'StringFunction|pysssss',
    { action: 'replace', tidy_tags: 'no', text_a: 'a red cat', text_b: 'red', text_c: 'blue' },
  ],
  ['CR Text Input Switch', { Input: 2, text1: 'a cat', text2: 'a dog' }],
  ['UnknownText', { text: 'a cat' }],
  ['StringConcatenate', { string_a: 'a', string_b: 'b', delimiter: '', reverse: true }],
])('what %s makes of its texts is not guessed', (class_type, inputs) => {
  const found = read({
    '6': node('CLIPTextEncode', { text: ['30', 0], clip: ['4', 1] }),
    '30': node(class_type, inputs),
  });
  expect(found?.settings).not.toHaveProperty('prompt');
  expect(found?.notes).toContainEqual({ kind: 'unread', name: 'prompt' });
});

test('neither what an unknown encoder makes of a text, nor which of two conditionings a switch takes', () => {
  const graphs = [
    { '6': node('UnknownEncoder', { text: 'a cat', clip: ['4', 1] }) },
    {
      '3': sampler({ positive: ['30', 0] }),
      '30': node('CR Conditioning Input Switch', {
        ...{ Input: 2, conditioning1: ['6', 0], conditioning2: ['7', 0] },
      }),
    },
    { '6': node('easy a1111Loader', { ckpt_name: 'a', positive: 'a cat <lora:b:1>', negative: '' }) },
  ];
  for (const graph of graphs)
    expect(read(graph)?.notes, JSON.stringify(graph)).toContainEqual({ kind: 'unread', name: 'prompt' });
});

test('a number that a node computes is not guessed either', () => {
  const found = read({
    '3': sampler({ steps: ['30', 0], seed: ['31', 0] }),
    '30': node('MathExpression', { value: 10, expression: 'a*2' }),
    '31': node('Seed (rgthree)', { seed: 8 }),
  });
  expect(found?.settings.seed).toBe(8);
  expect(found?.notes).toEqual([{ kind: 'unread', name: 'numInferenceSteps' }]);
});

test('how a text is weighed is named where it is not ComfyUI’s way, and A1111’s syntax stays', () => {
  const encoder = (class_type: string, inputs: Inputs) =>
    read({ '6': node(class_type, { text: 'a [dog:bird:0.5] (hat:1.2)', clip: ['4', 1], ...inputs }) });
  const smz = encoder('smZ CLIPTextEncode', { parser: 'A1111', mean_normalization: true });
  expect(smz?.settings).toMatchObject({ prompt: 'a [dog:bird:0.5] (hat:1.2)', emphasis: 'original' });
  expect(smz?.notes).toEqual([]);
  expect(
    encoder('smZ CLIPTextEncode', { parser: 'full', mean_normalization: false })?.settings.emphasis,
  ).toBe('no-norm');
  const noted = (name: string) => [{ kind: 'no-counterpart', name }, { kind: 'other-emphasis' }];
  expect(encoder('smZ CLIPTextEncode', { parser: 'comfy++' })?.notes).toEqual(noted('parser: comfy++'));
  const bnk = { token_normalization: 'none', weight_interpretation: 'down_weight' };
  expect(encoder('BNK_CLIPTextEncodeAdvanced', bnk)?.notes).toEqual(
    noted('weight_interpretation: down_weight'),
  );
});

test('what SDXL was told of the picture’s size is named where that is another', () => {
  const sizes = (inputs: Inputs) =>
    read({
      '6': node('CLIPTextEncodeSDXL', {
        ...{ width: 512, height: 768, crop_w: 0, crop_h: 0, target_width: 512, target_height: 768 },
        ...{ text_g: 'a cat', text_l: 'a cat', clip: ['4', 1], ...inputs },
      }),
    })?.notes;
  expect(sizes({})).toEqual([]);
  expect(sizes({ width: 4096, crop_h: 8, target_height: 1 })).toEqual(
    ['original_size: 4096×768', 'crop: 0×8', 'target_size: 512×1'].map((name) => ({
      kind: 'no-counterpart',
      name,
    })),
  );
});

test('texts that are joined with themselves again and again end soon, unread', () => {
  const graph: Record<string, object> = { '6': node('CLIPTextEncode', { text: ['100', 0], clip: ['4', 1] }) };
  for (let i = 100; i < 140; i++)
    graph[i] = node('StringConcatenate', { string_a: [String(i + 1), 0], string_b: [String(i + 1), 0] });
  graph[140] = node('PrimitiveString', { value: 'x'.repeat(1_000_000) });
  const start = performance.now();
  const found = read(graph);
  expect(found?.notes).toContainEqual({ kind: 'unread', name: 'prompt' });
  expect(performance.now() - start, 'milliseconds').toBeLessThan(20_000);
});

test('thousands of encoders, and of LoRAs in one node, end soon', () => {
  const many: Record<string, object> = {};
  for (let i = 0; i < 1000; i++) many[`c${i}`] = node('CLIPTextEncode', { text: ['t', 0], clip: ['4', 1] });
  const links = Object.keys(many).map((id, i) => [`conditioning_${i}`, [id, 0]]);
  const loras = Array.from({ length: 20_000 }, (_, i) => [
    `lora_${i}`,
    { on: true, lora: `l${i}`, strength: 1 },
  ]);
  const start = performance.now();
  const found = read({
    ...many,
    t: node('PrimitiveString', { value: 'x'.repeat(10_000) }),
    '3': sampler({ positive: ['combine', 0], model: ['power', 0] }),
    combine: node('ConditioningCombine', Object.fromEntries(links)),
    power: node('Power Lora Loader (rgthree)', { ...Object.fromEntries(loras), model: ['4', 0] }),
  });
  expect(found?.notes).toContainEqual({ kind: 'unread', name: 'prompt' });
  expect(performance.now() - start, 'milliseconds').toBeLessThan(20_000);
});

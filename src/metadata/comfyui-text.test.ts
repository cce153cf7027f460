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
    read({ '6': node('CLIPTextEncode', { text: ['30', 0], clip: ['4', 1] }), '30': node(class_type, inputs) })
      ?.settings.prompt;
  expect(joined({ text_a: 'a cat', text_b: ['7', 0], text_c: '', delimiter: ', ' })).toBe('a cat, a dog');
  expect(joined({ string_a: 'a', string_b: 'b', delimiter: '\\n' }, 'StringConcatenate')).toBe('a\nb');
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

test('texts that are joined with themselves again and again end soon, unread', () => {
  const graph: Record<string, object> = { '6': node('CLIPTextEncode', { text: ['100', 0], clip: ['4', 1] }) };
  for (let i = 100; i < 140; i++)
    graph[i] = node('StringConcatenate', { string_a: [String(i + 1), 0], string_b: [String(i + 1), 0] });
  graph[140] = node('PrimitiveString', { value: 'x'.repeat(1_000_000) });
  const start = performance.now();
  const found = read(graph);
  expect(found?.notes).toContainEqual({ kind: 'unread', name: 'prompt' });
  expect(performance.now() - start, 'milliseconds').toBeLessThan(2000);
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
  expect(performance.now() - start, 'milliseconds').toBeLessThan(2000);
});

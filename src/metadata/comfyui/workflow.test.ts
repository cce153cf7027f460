import { expect, test } from 'vitest';
import { readComfyWorkflow } from './comfyui.ts';

/** A node of ComfyUI's drawing: its inputs are `[name, type, link]`. */
const drawn = (
  id: number,
  type: string,
  inputs: readonly (readonly [name: string, type: string, link: number])[],
  widgets_values: readonly unknown[] = [],
  mode = 0,
) => ({
  id,
  type,
  mode,
  inputs: inputs.map(([name, kind, link]) => ({ name, type: kind, link })),
  widgets_values,
});

/** Text to image through a LoRA, in this mode. */
const workflow = (mode: number, text = 'a cat') => ({
  nodes: [
    drawn(1, 'CheckpointLoaderSimple', [], ['model.safetensors']),
    drawn(
      ...([
        2,
        'LoraLoader',
        [
          ['clip', 'CLIP', 2],
          ['model', 'MODEL', 1],
        ],
        ['foo.safetensors', 1, 1],
        mode,
      ] as const),
    ),
    drawn(3, 'CLIPTextEncode', [['clip', 'CLIP', 4]], [text]),
    drawn(4, 'CLIPTextEncode', [['clip', 'CLIP', 4]], ['a dog']),
    drawn(5, 'EmptyLatentImage', [], [512, 768, 1]),
    drawn(
      6,
      'KSampler',
      [
        ['model', 'MODEL', 3],
        ['positive', 'CONDITIONING', 5],
        ['negative', 'CONDITIONING', 6],
        ['latent_image', 'LATENT', 7],
      ],
      [1, 'fixed', 20, 7, 'euler', 'normal', 1],
    ),
  ],
  links: [
    [1, 1, 0, 2, 0, 'MODEL'],
    [2, 1, 1, 2, 1, 'CLIP'],
    [3, 2, 0, 6, 0, 'MODEL'],
    [4, 2, 1, 3, 0, 'CLIP'],
    [5, 3, 0, 6, 1, 'CONDITIONING'],
    [6, 4, 0, 6, 2, 'CONDITIONING'],
    [7, 5, 0, 6, 3, 'LATENT'],
  ],
});
const read = (mode: number, text?: string) => readComfyWorkflow(JSON.stringify(workflow(mode, text)));

test('a bypassed node passes on what comes in, and a muted one gives nothing', () => {
  expect(read(0)?.settings).toMatchObject({ prompt: 'a cat <lora:foo:1>', model: 'model' });
  expect(read(4)).toMatchObject({ settings: { prompt: 'a cat', model: 'model', clipSkip: 0 }, notes: [] });
  const { nodes, links } = workflow(4);
  const untyped = nodes.map((one) => ({
    ...one,
    inputs: one.inputs.map(({ name, link }) => ({ name, link })),
  }));
  expect(readComfyWorkflow(JSON.stringify({ nodes: untyped, links }))?.settings.model).toBe('model');
  const muted = read(2);
  expect(muted?.settings.prompt).toBe('a cat');
  expect(muted?.notes).toEqual(['model', 'clipSkip'].map((name) => ({ kind: 'unread', name })));
});

test('a muted sampler did not run, and bypassed nodes in a circle end', () => {
  const { nodes, links } = workflow(4);
  const muted = nodes.map((one) => ({ ...one, mode: one.type === 'KSampler' ? 2 : 0 }));
  expect(readComfyWorkflow(JSON.stringify({ nodes: muted, links }))).toBeNull();
  const circle = links.map(([id, ...rest]) => (id === 1 ? [1, 2, 0, 2, 1, 'MODEL'] : [id, ...rest]));
  expect(readComfyWorkflow(JSON.stringify({ nodes, links: circle }))?.notes).toContainEqual({
    kind: 'unread',
    name: 'model',
  });
});

test('a text whose words a run chooses, or that has comments, is not read', () => {
  for (const text of ['a {red|blue} cat', 'a cat // big', 'a /* big */ cat'])
    expect(read(0, text)?.settings).not.toHaveProperty('prompt');
});

// Comfy-Org/ComfyUI_frontend, rerouteNode.ts; kijai/ComfyUI-KJNodes, web/js/setgetnodes.js: nodes of the drawing alone.
test('reroutes and pairs of Set and Get hand on what comes in', () => {
  const { nodes, links } = workflow(0);
  const through = (added: readonly object[], ...rest: readonly (readonly unknown[])[]) =>
    readComfyWorkflow(
      JSON.stringify({ nodes: [...nodes, ...added], links: [...links.filter(([id]) => id !== 5), ...rest] }),
    );
  const rerouted = through(
    [drawn(8, 'Reroute', [['', '*', 8]])],
    ...[[5, 8, 0, 6, 1, 'CONDITIONING'] as const, [8, 3, 0, 8, 0, '*'] as const],
  );
  expect(rerouted).toMatchObject({ settings: { prompt: 'a cat <lora:foo:1>' }, notes: [] });
  const pair = [
    ...[
      drawn(8, 'SetNode', [['CONDITIONING', 'CONDITIONING', 8]], ['positive']),
      drawn(9, 'GetNode', [], ['positive']),
    ],
    drawn(10, 'SetNode', [], ['other']),
  ];
  const got = through(pair, [5, 9, 0, 6, 1, 'CONDITIONING'], [8, 3, 0, 8, 0, 'CONDITIONING']);
  expect(got).toMatchObject({ settings: { prompt: 'a cat <lora:foo:1>' }, notes: [] });
  const lost = through([drawn(9, 'GetNode', [], ['gone'])], [5, 9, 0, 6, 1, 'CONDITIONING']);
  expect(lost?.settings).not.toHaveProperty('prompt');
  expect(lost?.notes).toContainEqual({ kind: 'unread', name: 'prompt' });
});

test('a node with widgets by name, or none, is there', () => {
  const { nodes, links } = workflow(0);
  for (const widgets_values of [{ strength: 1 }, null]) {
    const changed = nodes.map((one) => (one.id === 2 ? { ...one, type: 'OtherPatch', widgets_values } : one));
    const found = readComfyWorkflow(JSON.stringify({ nodes: changed, links }));
    expect(found?.settings.model).toBe('model');
    expect(found?.notes).toContainEqual({ kind: 'no-counterpart', name: 'OtherPatch' });
  }
});

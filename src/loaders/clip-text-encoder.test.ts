import { expect, test } from 'vitest';
import type { TextOutputs } from '../models/clip.ts';
import type { CLIPTextConfig } from '../models/config.ts';
import { clipTextEncoder } from './clip-text-encoder.ts';
import type { TextEncoderConfig } from './model-configs.ts';

/** The layers left out for a clip skip, by an encoder that leaves out `usual` of itself. */
async function skipped(layers: number, width: number, usual: number, clipSkip: number): Promise<number> {
  let outputs: TextOutputs | undefined;
  const config = { num_hidden_layers: layers, hidden_size: width, eos_token_id: 1 } as CLIPTextConfig;
  const parts = { name: 'text_encoder', config } as TextEncoderConfig;
  const states = { skip: usual, normed: true, pooled: false };
  const encoder = clipTextEncoder(parts, states, async (_, asked) => {
    outputs = asked;
    return { run: async () => ({ encoder_hidden_states: new Float32Array() }), release: async () => {} };
  });
  await encoder.encode({ ids: Int32Array.of(0, 1), injections: [] }, clipSkip);
  return (outputs as TextOutputs).skip;
}

// ComfyUI's stop_at_clip_layer is the negative of one more than ours: there −2 is the layer that SDXL and SD2 use anyway.
test.each([
  ['Stable Diffusion 1', 12, 768, 0, [0, 1, 2, 3]],
  ['Stable Diffusion 2, published without the last of 24 layers', 23, 1024, 0, [0, 0, 1, 2]],
  ['SDXL, the first encoder', 12, 768, 1, [1, 1, 2, 3]],
  ['SDXL, the second encoder', 32, 1280, 1, [1, 1, 2, 3]],
])('clip skip counts from the last layer: %s', async (_, layers, width, usual, expected) => {
  expect(await Promise.all([0, 1, 2, 3].map((clipSkip) => skipped(layers, width, usual, clipSkip)))).toEqual(
    expected,
  );
});

test('the layers must not run out', async () => {
  expect(await skipped(12, 768, 0, 11)).toBe(11);
  await expect(skipped(12, 768, 0, 12)).rejects.toMatchObject({
    code: 'invalid-request',
    details: { kind: 'too-many-skipped', layers: 12, found: 12 },
  });
});

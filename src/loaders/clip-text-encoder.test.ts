import { expect, test } from 'vitest';
import type { TextualInversion } from '../checkpoint/textual-inversion.ts';
import type { TextOutputs } from '../models/clip.ts';
import type { CLIPTextConfig } from '../models/config.ts';
import { promptChunks } from '../prompt/chunks.ts';
import type { Session } from '../runtime/session.ts';
import type { ClipTokenizer } from '../tokenizer/clip.ts';
import { clipTextEncoder } from './clip-text-encoder.ts';
import type { TextEncoderConfig } from './open-tokenizer.ts';

const WORDS = ['<|startoftext|>', '<|endoftext|>', 'a', 'mine', ','];

/** Knows WORDS and gives them CLIP's last ids; `added` comes after the end token. */
const tokenizer: ClipTokenizer = {
  encode: (text) => text.split(' ').map((word) => (word === 'added' ? 49_408 : WORDS.indexOf(word) + 10)),
  beginId: 49_406,
  endId: 49_407,
  padId: 0,
  size: 49_409,
  maxLength: 8,
};

/** The row whose state is pooled. */
async function pooledRow(prompt: string, eos_token_id: number): Promise<number> {
  const mine: TextualInversion = {
    token: 'mine',
    length: 1,
    vectors: [{ length: 1, width: 1, data: new Float32Array(1) }],
  };
  const config = { vocab_size: 49_409, num_hidden_layers: 1, hidden_size: 1, eos_token_id } as CLIPTextConfig;
  let row = -1;
  const session = {
    run: async ({ eos_rows }: { eos_rows: Int32Array }) => {
      row = eos_rows[0] as number;
      return { encoder_hidden_states: new Float32Array(8), text_embeds: new Float32Array(1) };
    },
  } as unknown as Session;
  const states = { skip: 0, normed: true, pooled: true };
  const encoder = clipTextEncoder({ name: 'text_encoder_2', config, tokenizer }, states, async () => session);
  const [chunk] = promptChunks(tokenizer, prompt, [mine]);
  if (chunk) await encoder.encode(chunk, 0);
  return row;
}

// findings/transformers-clip-pooling.sh; diffusers gives an embedding an id after the end token's (docs/parity.md).
test.each([
  ['a a', 2, 3],
  ['a a', 49_407, 3],
  ['a mine a', 2, 4],
  ['a mine a', 49_407, 4],
  ['a added a', 2, 2],
  ['a added a', 49_407, 4],
])('%j is pooled under eos_token_id %i at row %i', async (prompt, eosTokenId, row) => {
  expect(await pooledRow(prompt, eosTokenId)).toBe(row);
});

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

import { expect, test } from 'vitest';
import type { TextualInversion } from '../checkpoint/textual-inversion.ts';
import type { CLIPTextConfig } from '../models/config.ts';
import { promptChunks } from '../prompt/chunks.ts';
import type { Session } from '../runtime/session.ts';
import type { ClipTokenizer } from '../tokenizer/clip.ts';
import { clipTextEncoder } from './clip-text-encoder.ts';

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

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Weights } from '../checkpoint/weights.ts';
import type { Graph, GraphTarget } from '../graph/graph.ts';
import { elementCount } from '../numerics/tensor.ts';
import { encodeModel } from '../onnx/encode.ts';
import { parseConfig } from '../protocol/parse-config.ts';
import { clipTextModel } from './clip.ts';
import { AutoencoderKLConfig, CLIPTextConfig, UNet2DConditionConfig } from './config.ts';
import { unet2DConditionModel } from './unet.ts';
import { autoencoderKLDecoder, autoencoderKLEncoder } from './vae.ts';

interface Part {
  readonly config: unknown;
  readonly parameters: number;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}

/** Names and shapes of Stable Diffusion 1.5's tensors, from diffusers (golden/models.py). */
const SD15 = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/sd15/shapes.json'), 'utf8')) as Record<
  'text_encoder' | 'unet' | 'vae',
  Part
>;

const TARGETS: readonly GraphTarget[] = [
  { provider: 'webgpu', dtype: 'float16' },
  { provider: 'wasm', dtype: 'float32' },
];

/** A float16 checkpoint of these shapes that consists of its header only. */
async function headerOnly({ shapes }: Part): Promise<Weights> {
  let end = 0;
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const begin = end;
    end += 2 * elementCount(shape);
    return [name, { dtype: 'F16', shape, data_offsets: [begin, end] }];
  });
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const prefix = new DataView(new ArrayBuffer(8));
  prefix.setBigUint64(0, BigInt(json.length), true);
  const header = new Blob([prefix, json]);
  const file = { size: header.size + end, slice: (from: number, to: number) => header.slice(from, to) };
  return Weights.open('weights', file as Blob);
}

/** A graph's own bytes are names and shapes; its weights are in another file. */
function expectSmall(...graphs: readonly Graph[]): void {
  for (const graph of graphs) {
    expect(encodeModel(graph).bytes.length).toBeLessThan(500_000);
    expect([...graph.files.keys()]).toEqual(['weights']);
  }
}

test('the UNet asks for the 859,520,964 parameters of the real one, each by name and shape', async () => {
  expect(SD15.unet.parameters).toBe(859_520_964);
  const config = parseConfig('unet', UNet2DConditionConfig, SD15.unet.config);
  for (const target of TARGETS) {
    const weights = await headerOnly(SD15.unet);
    const shape = { height: 64, width: 96, sequenceLength: 77, batch: 2 } as const;
    expectSmall(unet2DConditionModel(config, weights, target, shape));
    expect(weights.unused()).toEqual([]);
  }
});

test('the text encoder and the VAE ask for every tensor of the real ones', async () => {
  for (const target of TARGETS) {
    const text = await headerOnly(SD15.text_encoder);
    const textConfig = parseConfig('text_encoder', CLIPTextConfig, SD15.text_encoder.config);
    const last = { skip: 0, normed: true, pooled: false, injected: false };
    expectSmall(clipTextModel(textConfig, text, target, { batch: 2, sequenceLength: 77 }, last));
    expect(text.unused()).toEqual([]);

    const vae = await headerOnly(SD15.vae);
    const config = parseConfig('vae', AutoencoderKLConfig, SD15.vae.config);
    expectSmall(
      autoencoderKLDecoder(config, vae, target, { height: 64, width: 96 }),
      autoencoderKLEncoder(config, vae, target, { height: 512, width: 768 }),
    );
    expect(vae.unused()).toEqual([]);
  }
});

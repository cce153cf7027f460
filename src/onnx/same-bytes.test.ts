import { createHash } from 'node:crypto';
import { openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type FullSize, readHeader } from '../checkpoint/golden/single-file/files.ts';
import type { SingleFile } from '../checkpoint/single-file.ts';
import { readTensors, type StoredTensor, type Tensors, Weights } from '../checkpoint/weights.ts';
import type { Graph, GraphTarget } from '../graph/graph.ts';
import { clipTextModel } from '../models/clip.ts';
import { AutoencoderKLConfig, CLIPTextConfig, UNet2DConditionConfig } from '../models/config.ts';
import { GOLDEN_NAMES, goldenCase } from '../models/golden/cases.ts';
import { mergeLora } from '../models/merge-lora.ts';
import { unet2DConditionModel } from '../models/unet.ts';
import { autoencoderKLDecoder, autoencoderKLEncoder } from '../models/vae.ts';
import { parseConfig } from '../protocol/parse-config.ts';
import { selfTest } from '../runtime/self-test.ts';
import { encodeModel } from './encode.ts';

/** For one change: every graph's bytes are those of before. The hashes beside this were written by the code before. */

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => openAsBlob(join(ROOT, path));
const TARGETS: readonly GraphTarget[] = (['wasm', 'webgpu'] as const).flatMap((provider) =>
  (['float32', 'float16'] as const).map((dtype) => ({ provider, dtype })),
);
const BITS = [undefined, 16, 8, 4] as const;

function hashOf(graph: Graph): string {
  const { name, inputs, outputs } = graph;
  const { bytes, externalData } = encodeModel(graph);
  const values = [inputs, outputs].map((list) => list.map(({ name, dtype, shape }) => [name, dtype, shape]));
  const files = externalData.map(({ path, data }) => [path, data.size]);
  const rest = JSON.stringify([name, values, files]);
  return createHash('sha256').update(bytes).update(rest).digest('hex').slice(0, 24);
}

const lines: string[] = [];
const note = (title: string, graphs: readonly Graph[]) => {
  const sizes = graphs.map((graph) => encodeModel(graph).bytes.length).join(' ');
  lines.push(`${title}: ${graphs.map(hashOf).join(' ')} (${sizes})`);
};
const named = ({ provider, dtype }: GraphTarget) => `${provider} ${dtype}`;

async function goldens(): Promise<void> {
  for (const name of GOLDEN_NAMES)
    for (const target of TARGETS)
      for (const bits of BITS) {
        const { runs } = await goldenCase(name, read, target, bits);
        note(
          `${name}, ${named(target)}, ${bits} bits`,
          runs.map(({ graph }) => graph),
        );
      }
}

/** Every graph of a checkpoint, in several shapes. */
function graphsOf(
  title: string,
  components: Readonly<Record<string, Tensors>>,
  json: Readonly<Record<string, unknown>>,
): void {
  const weights = (component: string) => Weights.of(component, components[component] as Tensors);
  const unet = parseConfig('unet', UNet2DConditionConfig, json['unet/config.json']);
  const vae = parseConfig('vae', AutoencoderKLConfig, json['vae/config.json']);
  for (const target of TARGETS) {
    for (const [height, width, sequenceLength, batch] of [
      [64, 64, 77, 2],
      [33, 24, 154, 1],
    ] as const) {
      const shape = { height, width, sequenceLength, batch };
      note(`${title} unet ${height}, ${named(target)}`, [
        unet2DConditionModel(unet, weights('unet'), target, shape),
      ]);
    }
    note(`${title} vae, ${named(target)}`, [
      autoencoderKLDecoder(vae, weights('vae'), target, { height: 40, width: 64 }),
      autoencoderKLEncoder(vae, weights('vae'), target, { height: 512, width: 328 }),
    ]);
    for (const name of ['text_encoder', 'text_encoder_2'].filter((component) => component in components)) {
      const config = parseConfig(name, CLIPTextConfig, json[`${name}/config.json`]);
      for (const skip of [0, 1, 5])
        for (const normed of [true, false])
          for (const injected of [true, false]) {
            const outputs = { skip, normed, pooled: name === 'text_encoder_2', injected };
            const shape = { batch: injected ? 1 : 2, sequenceLength: 77 };
            note(`${title} ${name} ${JSON.stringify(outputs)}, ${named(target)}`, [
              clipTextModel(config, weights(name), target, shape, outputs),
            ]);
          }
    }
  }
}

async function fullSize(): Promise<void> {
  const packed = readFileSync(join(ROOT, 'src/checkpoint/golden/single-file/full-size.json.gz'));
  const { models } = JSON.parse(gunzipSync(packed).toString()) as { models: Record<string, FullSize> };
  for (const [title, { file }] of Object.entries(models)) {
    const { components, configs }: SingleFile = await readHeader(file);
    graphsOf(title, components, configs('epsilon'));
  }
}

async function trinket(): Promise<void> {
  const folder = 'public/models/trinket';
  const json = async (path: string) => JSON.parse(await (await read(`${folder}/${path}`)).text()) as unknown;
  const components: Record<string, Tensors> = {};
  const configs: Record<string, unknown> = {};
  const manifest = (await json('manifest.json')) as { files: { path: string }[] };
  for (const { path } of manifest.files) {
    const component = path.split('/')[0] as string;
    if (path.endsWith('.safetensors'))
      components[component] = await readTensors(path, await read(`${folder}/${path}`));
    if (path.endsWith('/config.json')) configs[path] = await json(path);
  }
  for (const name of ['text_encoder', 'unet'] as const) expect(components).toHaveProperty(name);
  const unet = parseConfig('unet', UNet2DConditionConfig, configs['unet/config.json']);
  const text = parseConfig('text_encoder', CLIPTextConfig, configs['text_encoder/config.json']);
  const shape = { height: 32, width: 32, sequenceLength: 77, batch: 2 } as const;
  const outputs = { skip: 0, normed: true, pooled: false, injected: false };
  for (const target of TARGETS)
    note(`trinket, ${named(target)}`, [
      unet2DConditionModel(unet, Weights.of('unet', components.unet as Tensors), target, shape),
      clipTextModel(
        text,
        Weights.of('text_encoder', components.text_encoder as Tensors),
        target,
        { batch: 1, sequenceLength: 77 },
        outputs,
      ),
    ]);
}

function loras(): void {
  const stored = (
    path: string,
    shape: readonly number[],
    offset: number,
    dtype: 'F32' | 'F16' = 'F32',
  ): StoredTensor => {
    const length = shape.reduce((product, n) => product * n, dtype === 'F16' ? 2 : 4);
    return { dtype, shape, offset, length, path, blob: new Blob([new Uint8Array(offset + length)]) };
  };
  const module = (rank: number, out: number, inside: readonly number[], scale: number) => ({
    down: stored('down', [rank, ...inside], 8),
    up: stored('up', [out, rank, ...inside.slice(1).map(() => 1)], 16, 'F16'),
    scale,
  });
  const merges = [
    {
      name: 'linear.weight',
      tensor: stored('model', [6, 4], 24, 'F16'),
      changes: [
        { lora: 0, module: module(2, 6, [4], 0.5) },
        { lora: 1, module: module(1, 6, [4], 1) },
      ],
    },
    {
      name: 'conv.weight',
      tensor: stored('model', [6, 4, 3, 3], 4),
      changes: [{ lora: 1, module: module(3, 6, [4, 3, 3], 0.3) }],
    },
  ];
  for (const provider of ['wasm', 'webgpu'] as const)
    note(`lora ${provider}`, [mergeLora(merges, 2, provider)]);
}

async function selfTests(): Promise<void> {
  for (const target of TARGETS) {
    const opened: Graph[] = [];
    const open = async (graph: Graph) => {
      opened.push(graph);
      throw new Error('seen');
    };
    await expect(selfTest({ target, open })).rejects.toThrow('seen');
    note(`self-test, ${named(target)}`, opened);
  }
}

test('every graph is byte for byte what it was', { timeout: 600_000 }, async () => {
  await goldens();
  await fullSize();
  await trinket();
  loras();
  await selfTests();
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('same-bytes.txt');
});

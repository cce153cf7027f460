import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { readLora } from '../checkpoint/lora/read-lora.ts';
import { readSafetensors } from '../checkpoint/safetensors.ts';
import { readTextualInversion } from '../checkpoint/textual-inversion.ts';
import { Graph } from '../graph/graph.ts';
import { loraPlaces } from '../loaders/lora-places.ts';
import { openSingleFile } from '../loaders/single-file/single-file-source.ts';
import { readWeightFiles } from '../loaders/weight-files.ts';
import { elementCount } from '../numerics/tensor.ts';
import { parsePythonJson } from '../protocol/python-json.ts';
import { fuzz } from './samples/fuzz.ts';
import { anyBytes, anyJson, MEMBERS } from './samples/mutations.ts';

const GOLDEN = join(import.meta.dirname, '../pipeline/golden');
const TINY = join(import.meta.dirname, '../../e2e/tiny-model');
const bytesOf = (path: string) => new Uint8Array(readFileSync(path));

const tensorsOf = (component: string) =>
  readWeightFiles(
    {
      has: (path) => path.endsWith('.safetensors') && !path.includes('fp16'),
      file: async (path) => new Blob([bytesOf(join(TINY, path))]),
      json: async () => ({}),
    },
    component,
  );
const PLACES = loraPlaces({ unet: await tensorsOf('unet'), text_encoder: await tensorsOf('text_encoder') });

/** Reads a LoRA, and builds the graph of every change: what is accepted can be computed. */
async function read(file: Blob, config?: unknown): Promise<void> {
  const { changes } = await readLora({ name: 'mystyle', file, config }, PLACES);
  for (const own of changes.values())
    for (const { change, shape } of own.values()) {
      const g = new Graph('test', { provider: 'wasm', dtype: 'float32' });
      const weight = g.input('weight', 'float32', [shape[0] ?? 1, elementCount(shape.slice(1))]);
      let inputs = 0;
      change.apply(g, weight, 0.5, ({ shape }) => g.input(`${inputs++}`, 'float32', shape));
    }
}

/** A file's header as JSON, and a file with another header for the same numbers. */
function parts(file: Uint8Array<ArrayBuffer>) {
  const end = 8 + Number(new DataView(file.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, end))) as Record<string, unknown>;
  const withHeader = (text: string) => {
    const bytes = new TextEncoder().encode(text);
    return new Blob([BigUint64Array.of(BigInt(bytes.length)), bytes, file.slice(end)]);
  };
  return { header, withHeader };
}

/** The names of some tensors in each other's place, or replaced. */
const renamed = (header: Readonly<Record<string, unknown>>): fc.Arbitrary<string> => {
  const keys = Object.keys(header);
  const other = fc.constantFrom(...MEMBERS, ...keys, ...keys.map((key) => key.replace(/\.[^.]+$/, '.alpha')));
  return fc.array(fc.tuple(fc.nat(), other), { minLength: 1, maxLength: 4 }).map((all) => {
    const names = [...keys];
    for (const [at, name] of all) names[at % names.length] = name;
    return JSON.stringify(Object.fromEntries(names.map((name, i) => [name, header[keys[i] as string]])));
  });
};

for (const name of ['kohya', 'peft', 'diffusers-old']) {
  const { header, withHeader } = parts(bytesOf(join(GOLDEN, `lora/${name}.safetensors`)));
  fuzz(`LoRA ${name}, its header`, anyJson(header), (text) => read(withHeader(text)));
  fuzz(`LoRA ${name}, its names`, renamed(header), (text) => read(withHeader(text)));
}
const peft = new Blob([bytesOf(join(GOLDEN, 'lora/peft.safetensors'))]);
fuzz(
  'adapter_config.json',
  anyJson({
    ...{ lora_alpha: 8, r: 4, use_rslora: false, peft_type: 'LORA' },
    alpha_pattern: { 'to_q|to_k': 2, '^down_blocks.*to_v$': 16, '(a|b).*': 3 },
  }),
  (text) => read(peft, parsePythonJson(text)),
);

const inversion = bytesOf(join(GOLDEN, 'mystyle.safetensors'));
fuzz('textual inversions', anyBytes(inversion), (file) => readTextualInversion('mystyle', file));
const word = parts(inversion);
fuzz('textual inversions, their header', anyJson(word.header), (text) =>
  readTextualInversion('mystyle', word.withHeader(text)),
);
fuzz('safetensors', anyBytes(bytesOf(join(TINY, 'vae/diffusion_pytorch_model.safetensors'))), (file) =>
  readSafetensors('vae', file),
);
fuzz('safetensors as checkpoints', anyBytes(inversion), (file) =>
  openSingleFile('a.safetensors', file, null, {
    has: () => true,
    file: async () => new Blob(['#version\n']),
    json: async () => ({}),
  }),
);

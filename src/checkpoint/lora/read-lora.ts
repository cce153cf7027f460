import { elementCount } from '../../numerics/tensor.ts';
import type { AppError } from '../../protocol/errors.ts';
import type { LoraNote } from '../../protocol/generation.ts';
import { isFloat, readFloats } from '../floats.ts';
import type { SafetensorsDtype } from '../safetensors.ts';
import { readTensors, type StoredTensor, type Tensors } from '../weights.ts';
import { type BundledEmbedding, takeBundledEmbeddings } from './bundled-embeddings.ts';
import type { LoraChange } from './change.ts';
import { type AdapterConfig, type ConfiguredScale, configuredScale, readAdapterConfigs } from './config.ts';
import { otherMethod, parseLoraKey } from './keys.ts';
import { changesOf } from './methods.ts';
import { isOfOtherModel, type LoraPart, otherModel, unsupported } from './module.ts';
import type { LoraPlace, LoraPlaces } from './places.ts';

/** A change, and the shape of the tensor it is for: of an inpainting model's first convolution, only a part of the channels. */
export interface PlacedChange {
  readonly change: LoraChange;
  readonly shape: readonly number[];
}

/** A LoRA file, as changes to the model that it was read for. */
export interface Lora {
  readonly name: string;
  /** By component, then by the name of the changed tensor. */
  readonly changes: ReadonlyMap<string, ReadonlyMap<string, PlacedChange>>;
  readonly embeddings: readonly BundledEmbedding[];
  /** What a person should know who uses it. */
  readonly notes: readonly LoraNote[];
}

/** What is read of a LoRA. */
interface LoraSource {
  /** Its name in prompts and errors. */
  readonly name: string;
  readonly file: Blob;
  /** What the adapter_config.json beside it says; undefined where there is none. */
  readonly config?: unknown;
}

type Parts = ReadonlyMap<string, LoraPart>;

/**
 * Reads a LoRA file of any of the methods in methods.ts, as written by kohya's sd-scripts, LyCORIS, PEFT, diffusers or
 * ComfyUI: the header and the alphas. What has no place in the model is left out and noted, as long as most of the file has
 * one.
 * @param places where modules belong in the model that it is read for
 * @throws AppError corrupt-file; unsupported-lora, naming the key, when it is of another method, damaged, incomplete, or made
 * for another kind of model
 */
export async function readLora({ name, file, config }: LoraSource, places: LoraPlaces): Promise<Lora> {
  const { embeddings, tensors } = takeBundledEmbeddings(file, await readTensors(name, file));
  const { modules, unknown } = partsByModule(name, tensors);
  const configs = await readAdapterConfigs(name, file, places.components, config);
  const changes = new Map<string, Map<string, PlacedChange>>();
  const lost: string[] = [];
  const unknownStrength: LoraNote[] = [];
  for (const [module, parts] of modules) {
    const numbers = await readNumbers(name, parts);
    const scaleOf = (place: LoraPlace) => (rank: number | undefined) => {
      const config = configs.get(place.component) ?? configs.get(null);
      const { scale, unread } = scaleIn(config, place.path, numbers.get('alpha'), rank);
      if (unread !== undefined)
        unknownStrength.push({ kind: 'unread-strength', lora: name, pattern: unread });
      else if (!numbers.has('alpha') && !config && module.includes('base_model.model.'))
        unknownStrength.push({ kind: 'unknown-strength', lora: name });
      return scale;
    };
    const candidates = places.of(module);
    const made = firstThatFits(candidates, (place) =>
      changesOf({ lora: name, parts, numbers, place, scaleOf: scaleOf(place) }, places.bias),
    );
    const key = keyOfAny(parts);
    if (!made) lost.push(key);
    for (const { place, change } of made?.changes ?? []) add(name, changes, place, change, key);
    lost.push(...(made?.lost ?? []));
  }
  const isEmpty = changes.size === 0 && embeddings.length === 0;
  if (isEmpty || lost.length > modules.size / 2) throw nothingToApply(name, lost, unknown);
  return { name, changes, embeddings, notes: notesOf(name, [...unknown, ...lost], unknownStrength) };
}

/** The modules of a file, and the keys that no module can have: those too that only say how something is meant which is not there. */
function partsByModule(name: string, tensors: Tensors) {
  const modules = new Map<string, Map<string, LoraPart>>();
  const unknown: string[] = [];
  for (const [key, tensor] of tensors) {
    const parsed = parseLoraKey(key);
    if (!parsed || otherMethod(key) !== undefined) {
      unknown.push(key);
      continue;
    }
    const { module, part } = parsed;
    const parts = modules.get(module) ?? new Map<string, LoraPart>();
    const before = parts.get(part);
    if (before)
      throw unsupported({ kind: 'lora-twice', lora: name, key }, `contains both ${before.key} and ${key}`);
    modules.set(module, parts.set(part, { key, tensor }));
  }
  for (const [module, parts] of modules) {
    if (![...parts.keys()].every((part) => NUMBERS.includes(part))) continue;
    modules.delete(module);
    unknown.push(...[...parts.values()].map(({ key }) => key));
  }
  return { modules, unknown };
}

const keyOfAny = (parts: Parts) => ([...parts.values()][0] as LoraPart).key;

/** What is made at the first place that fits; undefined where there is none to try. @throws the first place's error */
function firstThatFits<T>(places: readonly LoraPlace[], make: (place: LoraPlace) => T): T | undefined {
  let first: unknown;
  for (const place of places) {
    try {
      return make(place);
    } catch (error) {
      if (!isOfOtherModel(error)) throw error;
      first ??= error;
    }
  }
  if (first !== undefined) throw first;
  return undefined;
}

function add(
  name: string,
  changes: Map<string, Map<string, PlacedChange>>,
  { component, weight, shape }: LoraPlace,
  change: LoraChange,
  key: string,
): void {
  const own = changes.get(component) ?? new Map<string, PlacedChange>();
  if (own.has(weight)) throw unsupported({ kind: 'lora-twice', lora: name, key }, `changes ${weight} twice`);
  changes.set(component, own.set(weight, { change, shape }));
}

/** alpha / rank, where an alpha of 0 stands for the rank (kohya's lora.py, LyCORIS); else PEFT's; else 1. */
function scaleIn(
  config: AdapterConfig | undefined,
  path: string,
  alpha: number | undefined,
  rank: number | undefined,
): ConfiguredScale {
  if (alpha !== undefined) return { scale: alpha === 0 || rank === undefined ? 1 : alpha / rank };
  return config ? configuredScale(config, path, rank) : { scale: 1 };
}

const INTEGERS: Partial<Record<SafetensorsDtype, (bytes: ArrayBuffer) => number | undefined>> = {
  I64: (bytes) => Number(new BigInt64Array(bytes)[0]),
  I32: (bytes) => new Int32Array(bytes)[0],
  U8: (bytes) => new Uint8Array(bytes)[0],
  BOOL: (bytes) => new Uint8Array(bytes)[0],
};

/** The parts that are one number each, and change nothing by themselves. */
const NUMBERS = ['alpha', 'on_input'];

async function readNumbers(name: string, parts: Parts): Promise<Map<string, number>> {
  const numbers = new Map<string, number>();
  for (const part of NUMBERS) {
    const found = parts.get(part);
    if (found) numbers.set(part, await readNumber(name, found.key, found.tensor));
  }
  return numbers;
}

async function readNumber(name: string, key: string, tensor: StoredTensor): Promise<number> {
  const { dtype, shape, offset, length, blob } = tensor;
  const bytes = blob.slice(offset, offset + length);
  const read = async () =>
    isFloat(dtype) ? (await readFloats(dtype, bytes))[0] : INTEGERS[dtype]?.(await bytes.arrayBuffer());
  const value = elementCount(shape) === 1 ? await read() : undefined;
  if (value !== undefined && Number.isFinite(value)) return value;
  throw unsupported(
    { kind: 'lora-damaged', lora: name, key },
    `contains ${key} as ${dtype} [${shape}]; expected a number`,
  );
}

/** For a file of which nothing, or hardly anything, has a place in the model. */
function nothingToApply(name: string, lost: readonly string[], unknown: readonly string[]): AppError {
  const [module] = lost;
  if (module !== undefined) return otherModel(name, module, `this one has no place for ${module}`);
  for (const key of unknown) {
    const method = otherMethod(key);
    if (method === undefined) continue;
    const fault = { kind: 'lora-of-other-method', lora: name, method, key } as const;
    return unsupported(fault, `uses a method that is not supported (${method}: ${key})`);
  }
  const [key] = unknown;
  if (key !== undefined)
    return unsupported({ kind: 'no-lora', lora: name, key }, `contains ${key}, which is not a LoRA key`);
  return unsupported({ kind: 'lora-empty', lora: name }, 'is empty');
}

/** @param unknownStrength one for each module that it is true of; the first is said */
function notesOf(lora: string, unused: readonly string[], unknownStrength: readonly LoraNote[]): LoraNote[] {
  const [key] = unused;
  return [
    ...(key === undefined ? [] : [{ kind: 'unused-keys', lora, key, count: unused.length } as const]),
    ...unknownStrength.slice(0, 1),
  ];
}

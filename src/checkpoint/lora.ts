import * as v from 'valibot';
import { float16ToFloat32 } from '../numerics/half.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import { type LoraPart, type LoraPlace, loraPlaces, otherMethod, parseLoraKey } from './lora-keys.ts';
import type { SafetensorsDtype } from './safetensors.ts';
import { readTensors, type StoredTensor, type Tensors, widenTensors } from './weights.ts';

/**
 * A low-rank change of one weight, W + scale · up @ down (Hu et al. 2021). For a linear layer `down` is [rank, in] and `up`
 * [out, rank], for a convolution [rank, in, k, k] and [out, rank, 1, 1]; both may have more or fewer axes of length 1 at the
 * end.
 */
export interface LoraModule {
  readonly down: StoredTensor;
  readonly up: StoredTensor;
  /** alpha / rank; 1 where the file has no alpha. */
  readonly scale: number;
}

/** A LoRA file, as changes to the model that it was read for. */
export interface Lora {
  readonly name: string;
  /** By component, then by the name of the changed tensor. */
  readonly modules: ReadonlyMap<string, ReadonlyMap<string, LoraModule>>;
}

/** The parts of a module, and the keys that they are stored under. */
type Parts = { readonly [part in LoraPart]?: readonly [key: string, tensor: StoredTensor] };

/**
 * Reads a LoRA file as written by kohya's sd-scripts (with diffusers' names or Stability's), PEFT or diffusers: the header,
 * the alphas, and the tensors in bfloat16, which become float32.
 * @param name its name in prompts and errors
 * @param components the tensors of the model, by diffusers' names of the components: the denoiser's and the text encoders'
 * @throws AppError corrupt-file; unsupported-lora, naming the key, when it is of another method than LoRA, incomplete,
 * or made for another kind of model
 */
export async function readLora(
  name: string,
  file: Blob,
  components: Readonly<Record<string, Tensors>>,
): Promise<Lora> {
  const parts = partsByModule(name, widenTensors(await readTensors(name, file)));
  const configs = await readConfigs(name, file, Object.keys(components));
  const placeOf = loraPlaces(components);
  const modules = new Map<string, Map<string, LoraModule>>();
  for (const [module, { down, up, alpha }] of parts) {
    const [key = module] = down ?? up ?? alpha ?? [];
    const place = placeOf(module);
    if (!place) throw otherModel(name, key, `this one has no ${module}`);
    if (!down || !up) throw unsupported(name, key, `is incomplete: ${key} has no partner`);
    const { component, path, weight } = place;
    checkShapes(name, down, up[1], place);
    const rank = down[1].shape[0] as number;
    const scale = alpha
      ? (await readNumber(name, ...alpha)) / rank
      : configuredScale(configs.get(component), path, rank);
    const changes = modules.get(component) ?? new Map<string, LoraModule>();
    if (changes.has(weight)) throw unsupported(name, key, `changes ${weight} twice`);
    modules.set(component, changes.set(weight, { down: down[1], up: up[1], scale }));
  }
  if (modules.size === 0) throw unsupported(name, '', 'is empty');
  return { name, modules };
}

function partsByModule(name: string, tensors: Tensors): Map<string, Parts> {
  const modules = new Map<string, Parts>();
  for (const [key, tensor] of tensors) {
    const method = otherMethod(key);
    if (method)
      throw unsupported(name, key, `is a ${method} (${key}); only plain LoRA is supported`, {
        kind: 'lora-of-other-method',
        lora: name,
        method,
      });
    const parsed = parseLoraKey(key);
    if (!parsed) throw unsupported(name, key, `contains ${key}, which is not a LoRA key`);
    const { module, part } = parsed;
    const parts = modules.get(module) ?? {};
    if (parts[part]) throw unsupported(name, key, `contains both ${parts[part][0]} and ${key}`);
    modules.set(module, { ...parts, [part]: [key, tensor] });
  }
  return modules;
}

const isFloat = ({ dtype }: StoredTensor) => dtype === 'F32' || dtype === 'F16';
const withoutOnes = (shape: readonly number[]) => shape.slice(0, shape.findLastIndex((n) => n !== 1) + 1);
const sameShape = (a: readonly number[], b: readonly number[]) => `${withoutOnes(a)}` === `${withoutOnes(b)}`;

function checkShapes(
  name: string,
  [key, down]: readonly [string, StoredTensor],
  up: StoredTensor,
  { weight, tensor }: LoraPlace,
): void {
  const odd = [down, up, tensor].find((value) => !isFloat(value));
  if (odd)
    throw unsupported(name, key, `contains or changes ${odd.dtype} (${key}); expected F32, F16 or BF16`);
  const [rank = 0, ...inner] = down.shape;
  const [out, ...outer] = up.shape;
  const found = `${key} is [${down.shape}], its partner [${up.shape}]`;
  if (rank === 0 || !sameShape(outer, [rank])) throw unsupported(name, key, `is damaged: ${found}`);
  const [rows, ...columns] = tensor.shape;
  if (out !== rows || !sameShape(inner, columns))
    throw otherModel(name, key, `${found}, and ${weight} [${tensor.shape}] here`);
}

const NUMBERS: Partial<Record<SafetensorsDtype, (bytes: ArrayBuffer) => number | undefined>> = {
  F32: (bytes) => new Float32Array(bytes)[0],
  F16: (bytes) => float16ToFloat32(new Uint16Array(bytes))[0],
  F64: (bytes) => new Float64Array(bytes)[0],
  I64: (bytes) => Number(new BigInt64Array(bytes)[0]),
};

async function readNumber(name: string, key: string, tensor: StoredTensor): Promise<number> {
  const { dtype, shape, offset, length, blob } = tensor;
  const bytes = sameShape(shape, []) && (await blob.slice(offset, offset + length).arrayBuffer());
  const value = bytes && NUMBERS[dtype]?.(bytes);
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw unsupported(name, key, `contains ${key} as ${dtype} [${shape}]; expected a number`);
}

/** The part of PEFT's LoraConfig that decides a scale, with PEFT's defaults (peft tuners/lora/config.py). */
const LoraConfig = v.object({
  lora_alpha: v.optional(v.number(), 8),
  // In PEFT, any regular expression. Only names with at most two gaps are accepted, since a file must not be able to keep a
  // matcher busy forever.
  alpha_pattern: v.nullish(v.record(v.pipe(v.string(), v.regex(/^[\w.]+(\.\*[\w.]+){0,2}$/)), v.number())),
  use_rslora: v.optional(v.boolean(), false),
});
type LoraConfig = v.InferOutput<typeof LoraConfig>;

/** The header of a file by diffusers' save_lora_weights, each key after its component's name (loaders/lora_base.py). */
const Header = v.object({
  __metadata__: v.optional(
    v.object({
      lora_adapter_metadata: v.optional(v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()))),
    }),
  ),
});

/** The LoraConfigs by component, from a file whose header has been checked. */
async function readConfigs(
  name: string,
  file: Blob,
  components: readonly string[],
): Promise<Map<string, LoraConfig>> {
  const bytes = new DataView(await file.slice(0, 8).arrayBuffer()).getBigUint64(0, true);
  const header = v.safeParse(Header, JSON.parse(await file.slice(8, 8 + Number(bytes)).text()));
  const unknown = () =>
    unsupported(name, 'lora_adapter_metadata', 'has metadata that this version cannot read');
  if (!header.success) throw unknown();
  const entries = Object.entries(header.output.__metadata__?.lora_adapter_metadata ?? {});
  const configs = new Map<string, LoraConfig>();
  for (const component of components) {
    const own = entries.filter(([key]) => key.startsWith(`${component}.`));
    if (own.length === 0) continue;
    const config = Object.fromEntries(own.map(([key, value]) => [key.slice(component.length + 1), value]));
    const parsed = v.safeParse(LoraConfig, config);
    if (!parsed.success) throw unknown();
    configs.set(component, parsed.output);
  }
  return configs;
}

/** The scale as in peft's tuners/lora/layer.py, its patterns matched as by get_pattern_key. */
function configuredScale(config: LoraConfig | undefined, path: string, rank: number): number {
  if (!config) return 1;
  const patterns = Object.entries(config.alpha_pattern ?? {});
  const own = patterns.find(([pattern]) => new RegExp(`^(.*\\.)?(${pattern})$`).test(path));
  return (own?.[1] ?? config.lora_alpha) / (config.use_rslora ? Math.sqrt(rank) : rank);
}

function otherModel(name: string, key: string, evidence: string): AppError {
  return unsupported(name, key, `was made for another kind of model: ${evidence}`, {
    kind: 'lora-of-other-model',
    lora: name,
  });
}

/** @param problem the rest of a sentence that begins with the file's name */
function unsupported(lora: string, key: string, problem: string, fault?: Fault): AppError {
  return new AppError('unsupported-lora', `${lora} ${problem}.`, { ...fault, lora, key });
}

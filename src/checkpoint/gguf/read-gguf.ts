import type { ByteSource } from '../../graph/byte-source.ts';
import { elementCount } from '../../numerics/tensor.ts';
import { AppError, type Fault } from '../../protocol/errors.ts';
import { fileKind } from '../../protocol/file-kind.ts';
import { cutOff, type TensorEntry } from '../safetensors.ts';
import { BLOCK_TYPES, type BlockTypeName } from './blocks.ts';
import { HeaderReader, type Metadata, MoreBytes, NotAHeader } from './header-reader.ts';

/** ggml's types of tensors by their numbers (ggml.h, `ggml_type`): those that are read, and the names of those that are not. */
const TYPES: Readonly<Record<number, string>> = {
  ...{ 0: 'F32', 1: 'F16', 2: 'Q4_0', 3: 'Q4_1', 6: 'Q5_0', 7: 'Q5_1', 8: 'Q8_0', 9: 'Q8_1' },
  ...{ 10: 'Q2_K', 11: 'Q3_K', 12: 'Q4_K', 13: 'Q5_K', 14: 'Q6_K', 15: 'Q8_K' },
  ...{ 16: 'IQ2_XXS', 17: 'IQ2_XS', 18: 'IQ3_XXS', 19: 'IQ1_S', 20: 'IQ4_NL', 21: 'IQ3_S', 22: 'IQ2_S' },
  ...{ 23: 'IQ4_XS', 24: 'I8', 25: 'I16', 26: 'I32', 27: 'I64', 28: 'F64', 29: 'IQ1_M', 30: 'BF16' },
  ...{ 34: 'TQ1_0', 35: 'TQ2_0', 39: 'MXFP4', 40: 'NVFP4', 41: 'Q1_0' },
};
/** Bytes of one number. */
const PLAIN: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2, F64: 8, I64: 8, I32: 4 };
/**
 * What stable-diffusion.cpp, ComfyUI-GGUF and gguf-node write for Stable Diffusion; the first of them writes nothing. Text encoders
 * by themselves are known by their tensors.
 */
const ARCHITECTURES = /^(sd|sd1|sd2|sdxl|pig|clip.*|t5.*)?$/;

const MAGIC = 0x46554747;
const FIRST_BYTES = 2 ** 20;
/** As long as a header may be: that of a .safetensors file. */
const MOST_BYTES = 100_000_000;
const MOST_TENSORS = 100_000;
const MOST_DIMENSIONS = 4;
const DEFAULT_ALIGNMENT = 32;
const ORIGINAL_SHAPE = 'comfy.gguf.orig_shape.';

/** How tensors in blocks are called: no .safetensors file can have such a type. */
export const GGML = 'GGML_';

interface Header {
  readonly entries: Map<string, TensorEntry>;
  /** Bytes of the file, at least. */
  readonly end: number;
}

/**
 * The tensors of a GGUF file by name (ggml/docs/gguf.md); only its header is read. Shapes are torch's, outermost first, or what
 * ComfyUI-GGUF says they were before it reshaped them. Checks what ggml checks (gguf.cpp): names, types, and offsets one behind
 * the other.
 * @param path the name of the file in errors
 * @throws AppError corrupt-file, with what was expected and found; unsupported-model for another kind of model, a byte order,
 * a version or a type of block that is not read
 */
export async function readGguf(path: string, file: ByteSource): Promise<Map<string, TensorEntry>> {
  for (let length = FIRST_BYTES; ; length *= 8) {
    const bytes = await file.slice(0, Math.min(length, MOST_BYTES, file.size)).arrayBuffer();
    try {
      const { entries, end } = readHeader(path, bytes);
      if (end > file.size) throw cutOff(path, end, file.size);
      return entries;
    } catch (error) {
      const isMore = error instanceof MoreBytes;
      if (isMore && bytes.byteLength < Math.min(file.size, MOST_BYTES)) continue;
      if (isMore && bytes.byteLength === file.size) throw await ended(path, file);
      if (isMore) throw damaged(path, 'a header under 100 MB', 'a longer one');
      if (!(error instanceof NotAHeader)) throw error;
      throw (await otherFile(path, file)) ?? damaged(path, error.expected, error.found);
    }
  }
}

function readHeader(path: string, bytes: ArrayBuffer): Header {
  const reader = new HeaderReader(bytes, 0);
  const magic = reader.uint32();
  if (magic !== MAGIC) throw new NotAHeader('GGUF', 'something else');
  const version = reader.uint32();
  if (version !== 2 && version !== 3) throw otherVersion(path, version);
  const [tensors, values] = [reader.uint64(), reader.uint64()];
  if (tensors > MOST_TENSORS) throw new NotAHeader(`at most ${MOST_TENSORS} tensors`, String(tensors));
  const metadata = new Map<string, Metadata>();
  for (let i = 0; i < values; i++) {
    const name = reader.name();
    const value = reader.value();
    if (value !== undefined) metadata.set(name, value);
  }
  const architecture = metadata.get('general.architecture') ?? '';
  if (typeof architecture !== 'string' || !ARCHITECTURES.test(architecture))
    throw otherModel(path, String(architecture));
  const alignment = metadata.get('general.alignment') ?? DEFAULT_ALIGNMENT;
  // Both are 32 bits.
  if (typeof alignment !== 'number' || alignment === 0 || (alignment & (alignment - 1)) !== 0)
    throw new NotAHeader('an alignment that is a power of two', String(alignment));
  return readTensorTable(path, reader, { tensors, alignment, metadata });
}

interface Table {
  readonly tensors: number;
  readonly alignment: number;
  readonly metadata: ReadonlyMap<string, Metadata>;
}

function readTensorTable(
  path: string,
  reader: HeaderReader,
  { tensors, alignment, metadata }: Table,
): Header {
  const aligned = (position: number) => Math.ceil(position / alignment) * alignment;
  const relative: (readonly [string, TensorEntry])[] = [];
  const names = new Set<string>();
  let end = 0;
  for (let i = 0; i < tensors; i++) {
    const name = reader.name();
    if (names.has(name)) throw new NotAHeader('a name once', name);
    names.add(name);
    const entry = tensorEntry(path, name, reader);
    if (entry.offset !== aligned(end))
      throw new NotAHeader(`tensor ${name} at byte ${aligned(end)}`, `byte ${entry.offset}`);
    end = entry.offset + entry.length;
    relative.push([name, { ...entry, shape: originalShape(name, entry.shape, metadata) }]);
  }
  const start = aligned(reader.position);
  const placed = relative.map(([name, entry]) => [name, { ...entry, offset: start + entry.offset }] as const);
  return { entries: new Map(placed), end: tensors === 0 ? reader.position : start + end };
}

/** A row of the table, its offset relative to the data. */
function tensorEntry(path: string, name: string, reader: HeaderReader): TensorEntry {
  const dimensions = reader.uint32();
  if (dimensions > MOST_DIMENSIONS) throw new NotAHeader('at most four dimensions', String(dimensions));
  const sizes = Array.from({ length: dimensions }, () => reader.uint64());
  const number = reader.uint32();
  const type = TYPES[number] ?? `${number}`;
  const offset = reader.uint64();
  const count = elementCount(sizes);
  if (!Number.isSafeInteger(count * 8)) throw new NotAHeader(`a size of ${name}`, sizes.join(' × '));
  const shape = sizes.toReversed();
  const plain = PLAIN[type];
  if (plain !== undefined) return { dtype: type, shape, offset, length: plain * count };
  if (!Object.hasOwn(BLOCK_TYPES, type)) throw unknownBlocks(path, name, type);
  const { numbers, bytes } = BLOCK_TYPES[type as BlockTypeName];
  if ((sizes[0] ?? 1) % numbers !== 0)
    throw new NotAHeader(`rows of ${name} in blocks of ${numbers}`, `${sizes[0]} numbers`);
  return { dtype: `${GGML}${type}`, shape, offset, length: (count / numbers) * bytes };
}

function originalShape(
  name: string,
  shape: readonly number[],
  metadata: ReadonlyMap<string, Metadata>,
): readonly number[] {
  const original = metadata.get(`${ORIGINAL_SHAPE}${name}`);
  if (original === undefined) return shape;
  const isShape = Array.isArray(original) && original.every((size) => size > 0);
  if (!isShape || elementCount(original) !== elementCount(shape))
    throw new NotAHeader(`a shape of ${elementCount(shape)} numbers for ${name}`, String(original));
  return original;
}

function damaged(file: string, expected: string, found: string): AppError {
  const details = { file, expected, found };
  return new AppError('corrupt-file', `${file} is damaged: expected ${expected}, found ${found}.`, details);
}

/** What a file is that has another beginning; undefined for a GGUF file, and where its bytes do not tell. */
async function otherFile(path: string, file: ByteSource): Promise<AppError | undefined> {
  const found = await fileKind(file);
  if (found === null || found === 'gguf') return undefined;
  const details = { kind: 'not-gguf', file: path, found } satisfies Fault;
  return new AppError('corrupt-file', `${path} is no GGUF file: ${found}.`, details);
}

/** A file that ends within its header. */
async function ended(path: string, file: ByteSource): Promise<AppError> {
  return (await otherFile(path, file)) ?? cutOff(path, file.size + 1, file.size);
}

function otherVersion(file: string, version: number): AppError {
  // A small number in the other byte order has an empty lower half (gguf.cpp).
  const found = (version & 0xffff) === 0 ? 'big-endian' : `version ${version}`;
  const details = { kind: 'gguf-version', file, found } satisfies Fault;
  return new AppError('unsupported-model', `${file} is a GGUF file of ${found}.`, details);
}

function otherModel(file: string, architecture: string): AppError {
  const details = { kind: 'not-stable-diffusion', file, found: architecture } satisfies Fault;
  return new AppError('unsupported-model', `${file} is a model of ${architecture}.`, details);
}

function unknownBlocks(file: string, tensor: string, found: string): AppError {
  const details = { kind: 'gguf-type', file, component: tensor, found } satisfies Fault;
  return new AppError('unsupported-model', `${file}: ${tensor} is in blocks of ${found}.`, details);
}

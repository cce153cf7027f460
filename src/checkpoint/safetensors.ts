import type { ByteSource } from '../graph/byte-source.ts';
import { elementCount } from '../numerics/tensor.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import { type FileKind, fileKind } from '../protocol/file-kind.ts';

/** The format's element types of safetensors 0.8, with their size in bits. */
const BITS: Readonly<Record<string, number>> = {
  ...{ F4: 4, F6_E2M3: 6, F6_E3M2: 6 },
  ...{ BOOL: 8, U8: 8, I8: 8, F8_E4M3: 8, F8_E5M2: 8, F8_E8M0: 8, F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8 },
  ...{ U16: 16, I16: 16, F16: 16, BF16: 16 },
  ...{ U32: 32, I32: 32, F32: 32 },
  ...{ U64: 64, I64: 64, F64: 64, C64: 64 },
};
/** An element type by its name, perhaps one that this version does not know. Whoever reads a tensor says which it takes. */
export type SafetensorsDtype = string;
/** How the format names types. */
const DTYPE = /^[A-Z]+\d[A-Z0-9_]*$|^BOOL$/;

/** One tensor: its type, its shape, and its bytes in the file, from `offset` on. */
export interface TensorEntry {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

// The format's own limit (safetensors/src/tensor.rs, MAX_HEADER_SIZE).
const MAX_HEADER_BYTES = 100_000_000;

/**
 * The tensors of a .safetensors file by name; only its header is read. Checks what the reference implementation checks
 * (huggingface/safetensors, tensor.rs): lengths, types, shapes, and contiguous ranges from the first byte to the last.
 * @param path the name of the file in errors
 * @throws AppError corrupt-file, with what was expected and found, or what the file is instead
 */
export async function readSafetensors(path: string, file: ByteSource): Promise<Map<string, TensorEntry>> {
  const corrupt = (expected: string, found: string): AppError =>
    new AppError('corrupt-file', `${path} is damaged: expected ${expected}, found ${found}.`, {
      file: path,
      expected,
      found,
    });

  /** Only a file that is none is looked at twice: each look may be a request. */
  const noHeader = async (expected: string, found: string, atLeast: number): Promise<AppError> => {
    const kind = await fileKind(file);
    if (kind !== null && kind !== 'safetensors') return otherFile(path, kind);
    return kind !== null && atLeast > file.size ? cutOff(path, atLeast, file.size) : corrupt(expected, found);
  };

  if (file.size < 8) throw await noHeader('a header of at least 8 bytes', `${file.size} bytes`, 8);
  const prefix = new DataView(await file.slice(0, 8).arrayBuffer());
  const headerBytes = Number(prefix.getBigUint64(0, true));
  if (headerBytes > MAX_HEADER_BYTES)
    throw await noHeader('a safetensors header under 100 MB', `${headerBytes} bytes`, 0);
  const start = 8 + headerBytes;
  if (start > file.size)
    throw await noHeader(`a header of ${headerBytes} bytes`, `a file of ${file.size} bytes`, start);

  const header = parseHeader(await file.slice(8, start).arrayBuffer());
  if (!header) throw await noHeader('a JSON object as header', 'something else', 0);

  const entries = new Map<string, TensorEntry>();
  for (const [name, value] of header) {
    if (name === '__metadata__') continue;
    const entry = tensorEntry(value);
    if (!entry) throw corrupt('dtype, shape and data_offsets that fit each other', `tensor ${name}`);
    entries.set(name, { ...entry, offset: start + entry.offset });
  }

  let end = start;
  for (const [name, entry] of [...entries].sort(
    ([, a], [, b]) => a.offset - b.offset || a.length - b.length,
  )) {
    if (entry.offset !== end) throw corrupt(`tensor ${name} at byte ${end}`, `byte ${entry.offset}`);
    end += entry.length;
  }
  if (end > file.size) throw cutOff(path, end, file.size);
  if (end !== file.size) throw corrupt(`${end} bytes`, `${file.size} bytes`);
  return entries;
}

function otherFile(file: string, found: FileKind): AppError {
  const details = { kind: 'not-safetensors', file, found } satisfies Fault;
  return new AppError('corrupt-file', `${file} is no safetensors file: ${found}.`, details);
}

/** For a file that ends too early. @param expected bytes, at least */
export function cutOff(file: string, expected: number, found: number): AppError {
  const details = { kind: 'cut-off', file, expected, found } satisfies Fault;
  return new AppError('corrupt-file', `${file} is cut off after ${found} of ${expected} bytes.`, details);
}

function parseHeader(buffer: ArrayBuffer): [string, unknown][] | undefined {
  // JSON allows whitespace before the object, the format does not.
  if (new Uint8Array(buffer)[0] !== 0x7b) return undefined;
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(buffer));
    return json !== null && typeof json === 'object' && !Array.isArray(json)
      ? Object.entries(json)
      : undefined;
  } catch {
    return undefined;
  }
}

/** An entry, its offset relative to the data; undefined when anything in it is wrong. */
function tensorEntry(value: unknown): TensorEntry | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const { dtype, shape, data_offsets: range } = value as Record<string, unknown>;
  const counts = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (typeof dtype !== 'string' || !DTYPE.test(dtype) || !counts(shape) || !counts(range)) return undefined;
  const [begin, end] = range as [number, number];
  const length = end - begin;
  const bits = elementCount(shape) * (BITS[dtype] ?? Number.NaN);
  // Of a type that came later only the range is known.
  const fits = Object.hasOwn(BITS, dtype) ? Number.isSafeInteger(bits) && bits === 8 * length : length >= 0;
  return range.length === 2 && fits ? { dtype, shape, offset: begin, length } : undefined;
}

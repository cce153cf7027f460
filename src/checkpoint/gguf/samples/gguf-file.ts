/** A tensor of a file: its sizes innermost first, the number of its type, and its bytes. */
export interface SampleTensor {
  readonly sizes: readonly number[];
  readonly type: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly offset?: number;
}

type Value = string | number | readonly number[];

const text = (value: string) => new TextEncoder().encode(value);
const u32 = (value: number) => new Uint8Array(Uint32Array.of(value).buffer);
const u64 = (value: number | bigint) => new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);
const name = (value: string) => [u64(text(value).length), text(value)];

const value = (one: Value) => {
  if (typeof one === 'string') return [u32(8), ...name(one)];
  if (typeof one === 'number') return [u32(4), u32(one)];
  return [u32(9), u32(5), u64(one.length), new Uint8Array(Int32Array.from(one).buffer)];
};

/** A GGUF file, whose numbers may be wrong: ggml/docs/gguf.md. */
export function ggufFile({
  metadata = {},
  tensors = {},
  version = 3,
  alignment = 32,
  counts = [Object.keys(tensors).length, Object.keys(metadata).length],
}: {
  readonly metadata?: Readonly<Record<string, Value>>;
  readonly tensors?: Readonly<Record<string, SampleTensor>>;
  readonly version?: number;
  readonly alignment?: number;
  readonly counts?: readonly [tensors: number | bigint, values: number | bigint];
}): Blob {
  const padding = (length: number) =>
    new Uint8Array(alignment > 0 ? Math.ceil(length / alignment) * alignment - length : 0);
  let end = 0;
  const table = Object.entries(tensors).flatMap(([key, { sizes, type, bytes, offset = end }]) => {
    end += bytes.length + padding(bytes.length).length;
    return [...name(key), u32(sizes.length), ...sizes.map(u64), u32(type), u64(offset)];
  });
  const values = Object.entries(metadata).flatMap(([key, one]) => [...name(key), ...value(one)]);
  const header = new Blob([text('GGUF'), u32(version), ...counts.map(u64), ...values, ...table]);
  const data = Object.values(tensors).flatMap(({ bytes }) => [bytes, padding(bytes.length)]);
  return new Blob([header, padding(header.size), ...data]);
}

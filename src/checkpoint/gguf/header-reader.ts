/** What a value of a GGUF file's metadata is, by its number (ggml/docs/gguf.md, `gguf_metadata_value_type`). */
const SIZES: Readonly<Record<number, number>> = {
  ...{ 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 },
};
const UINT32 = 4;
const INT32 = 5;
const STRING = 8;
const ARRAY = 9;

/** Metadata that is asked for. Everything else is passed over. */
export type Metadata = string | number | readonly number[] | undefined;

/** Thrown where the bytes that are read so far end before the header does. */
export class MoreBytes extends Error {}
/** Thrown where a header cannot be one. */
export class NotAHeader extends Error {
  readonly expected: string;
  readonly found: string;

  constructor(expected: string, found: string) {
    super(`expected ${expected}, found ${found}`);
    this.expected = expected;
    this.found = found;
  }
}

const MOST_NAME_BYTES = 2 ** 16;
const MOST_NESTED = 4;

/** Reads the beginning of a GGUF file, little-endian, from first to last. */
export class HeaderReader {
  readonly #view: DataView;
  /** Of the next byte. */
  position: number;

  constructor(bytes: ArrayBuffer, position: number) {
    this.#view = new DataView(bytes);
    this.position = position;
  }

  /** The offset of so many bytes, which are passed. @throws MoreBytes */
  #pass(bytes: number): number {
    const at = this.position;
    if (at + bytes > this.#view.byteLength) throw new MoreBytes();
    this.position += bytes;
    return at;
  }

  uint32(): number {
    return this.#view.getUint32(this.#pass(4), true);
  }

  /** A count, a length or an offset. @throws NotAHeader for one that no file can have */
  uint64(): number {
    const value = this.#view.getBigUint64(this.#pass(8), true);
    if (value > Number.MAX_SAFE_INTEGER) throw new NotAHeader('a count', String(value));
    return Number(value);
  }

  /** @throws NotAHeader where it is none in UTF-8, or very long */
  name(): string {
    const length = this.uint64();
    if (length > MOST_NAME_BYTES) throw new NotAHeader('a name', `${length} bytes`);
    const at = this.#pass(length);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(this.#view.buffer, at, length));
    } catch {
      throw new NotAHeader('a name in UTF-8', 'something else');
    }
  }

  /** A value of the metadata: a text, a whole number or whole numbers of 32 bits; undefined for all others, which are passed. */
  value(): Metadata {
    const type = this.uint32();
    if (type === STRING) return this.#text();
    if (type === UINT32) return this.uint32();
    if (type !== ARRAY) return this.#passValues(type, 1, 0);
    const [inner, count] = [this.uint32(), this.uint64()];
    if (inner !== INT32 || count > 8) return this.#passValues(inner, count, 0);
    return Array.from({ length: count }, () => this.#view.getInt32(this.#pass(4), true));
  }

  /** A text, of which the beginning is kept. */
  #text(): string {
    const length = this.uint64();
    const at = this.#pass(length);
    return new TextDecoder().decode(new Uint8Array(this.#view.buffer, at, Math.min(length, 100)));
  }

  #passValues(type: number, count: number, nested: number): undefined {
    const size = SIZES[type];
    if (size !== undefined) {
      this.#pass(size * count);
      return;
    }
    if ((type !== STRING && type !== ARRAY) || nested > MOST_NESTED)
      throw new NotAHeader('metadata of a known type', `type ${type}`);
    // Each takes at least its length, so a count that no file can have ends with the bytes.
    for (let i = 0; i < count; i++)
      if (type === STRING) this.#pass(this.uint64());
      else this.#passValues(this.uint32(), this.uint64(), nested + 1);
  }
}

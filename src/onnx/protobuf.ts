const text = new TextEncoder();

/** Writes one protobuf message, field by field (https://protobuf.dev/programming-guides/encoding). */
export class MessageWriter {
  #buffer = new Uint8Array(256);
  #length = 0;

  /** An integer field. Below 2⁵³; negative numbers as int64's two's complement. */
  int(field: number, value: number): void {
    this.#varint(field << 3);
    this.#int64(value);
  }

  /** A float field. */
  float(field: number, value: number): void {
    this.#varint((field << 3) | 5);
    this.#append(new Uint8Array(new Float32Array([value]).buffer));
  }

  /** A bytes, string or embedded message field. */
  bytes(field: number, value: Uint8Array | string | MessageWriter): void {
    const bytes =
      typeof value === 'string' ? text.encode(value) : value instanceof MessageWriter ? value.finish() : value;
    this.#varint((field << 3) | 2);
    this.#varint(bytes.length);
    this.#append(bytes);
  }

  /** A packed repeated integer field. */
  ints(field: number, values: readonly number[]): void {
    const packed = new MessageWriter();
    for (const value of values) packed.#int64(value);
    this.bytes(field, packed);
  }

  /** The message's bytes, a view that the next write may overwrite. */
  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  #int64(value: number): void {
    if (value >= 0) return this.#varint(value);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) this.#byte(Number(rest & 127n) | 128);
    this.#byte(Number(rest));
  }

  #varint(value: number): void {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#byte((rest % 128) | 128);
    this.#byte(rest);
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  #append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#buffer.length, this.#length + count));
    grown.set(this.finish());
    this.#buffer = grown;
  }
}

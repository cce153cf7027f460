/**
 * A reader of the protobuf wire format (https://protobuf.dev/programming-guides/encoding), for files that nobody vouches
 * for: every length is held against what is left of the message around it.
 */

/** The wire types that ONNX has. */
export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
export const FIXED32 = 5;

/** The longest a field's beginning can be: a tag and a length, or a tag and a varint. */
export const LONGEST_HEAD = 20;

/** Everything but what is stepped over is kept in memory: of SDXL's UNet 8 MB. */
const MAX_KEPT_BYTES = 2 ** 28;
const WINDOW_BYTES = 2 ** 16;

/** One field: where it ends, and where in it its content begins, both from the field's first byte. */
export interface Field {
  readonly number: number;
  readonly type: number;
  readonly from: number;
  readonly to: number;
  /** Of a varint; past 2⁵³, where negative numbers lie too, it is not exact. */
  readonly value: number;
}

/** A field of a message in memory. */
export interface MemoryField extends Omit<Field, 'from' | 'to'> {
  readonly content: Uint8Array;
}

/** Makes the error of whoever reads the file. */
export type Corrupt = (expected: string, found: string) => Error;

/**
 * The field that `bytes` begins with.
 * @param bytes at least LONGEST_HEAD of them, or all that are left
 * @param room bytes left of the message
 */
export function readField(bytes: Uint8Array, room: number, corrupt: Corrupt): Field {
  const malformed = (found: string) => corrupt('a protobuf message', found);
  const tag = varint(bytes, 0);
  if (!tag || tag.value < 8 || tag.value >= 2 ** 32) throw malformed('a tag that is none');
  const [number, type] = [Math.floor(tag.value / 8), tag.value % 8];
  const field = (from: number, length: number, value = 0): Field => {
    if (!(length <= room - from))
      throw malformed(`field ${number} of ${length} bytes where ${room} are left`);
    return { number, type, from, to: from + length, value };
  };
  if (type === FIXED64) return field(tag.end, 8);
  if (type === FIXED32) return field(tag.end, 4);
  if (type !== VARINT && type !== LENGTH) throw malformed(`wire type ${type}`);
  const next = varint(bytes, tag.end);
  if (!next) throw malformed(`field ${number} cut off`);
  return type === LENGTH ? field(next.end, next.value) : field(tag.end, next.end - tag.end, next.value);
}

/** Every field of a message in memory, in order. */
export function* readFields(message: Uint8Array, corrupt: Corrupt): Generator<MemoryField> {
  for (let at = 0; at < message.length; ) {
    const head = message.subarray(at, at + LONGEST_HEAD);
    const { number, type, value, from, to } = readField(head, message.length - at, corrupt);
    yield { number, type, value, content: message.subarray(at + from, at + to) };
    at += to;
  }
}

/** A packed field: varints one after another. */
export function* readVarints(content: Uint8Array, corrupt: Corrupt): Generator<number> {
  for (let at = 0; at < content.length; ) {
    const next = varint(content, at);
    if (!next) throw corrupt('a protobuf message', 'a number cut off');
    yield next.value;
    at = next.end;
  }
}

/** An unsigned varint at `at`; undefined where it does not end. */
function varint(bytes: Uint8Array, at: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return { value, end: at + i + 1 };
  }
  return undefined;
}

/** A field of the file: where it starts, where its content does, where it ends. */
export interface FileField {
  readonly number: number;
  readonly type: number;
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

/** A file's fields, read through a window; what is stepped over is not read. */
export class FileFields {
  readonly corrupt: Corrupt;
  readonly #file: Blob;
  #window = new Uint8Array();
  #start = 0;
  #kept = 0;

  constructor(file: Blob, corrupt: Corrupt) {
    this.#file = file;
    this.corrupt = corrupt;
  }

  async *of(start: number, end: number): AsyncGenerator<FileField> {
    for (let at = start; at < end; ) {
      const head = await this.#bytes(at, Math.min(end, at + LONGEST_HEAD));
      const { number, type, from, to } = readField(head, end - at, this.corrupt);
      yield { number, type, start: at, content: at + from, end: at + to };
      at += to;
    }
  }

  /** A copy of what is to stay in memory. */
  async keep(start: number, end: number): Promise<Uint8Array> {
    this.#kept += end - start;
    if (this.#kept > MAX_KEPT_BYTES)
      throw this.corrupt(`at most ${MAX_KEPT_BYTES} bytes beside the weights`, 'more');
    return (await this.#bytes(start, end)).slice();
  }

  async #bytes(start: number, end: number): Promise<Uint8Array> {
    if (start < this.#start || end > this.#start + this.#window.length) {
      const slice = this.#file.slice(start, Math.max(end, start + WINDOW_BYTES));
      this.#window = new Uint8Array(await slice.arrayBuffer());
      this.#start = start;
    }
    return this.#window.subarray(start - this.#start, end - this.#start);
  }
}

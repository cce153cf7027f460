/**
 * A reader of the protobuf wire format (https://protobuf.dev/programming-guides/encoding) for untrusted files: every length
 * is checked against the bytes left in the message around it.
 */

/** The wire types that ONNX uses. */
export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
export const FIXED32 = 5;

/** The most bytes that the head of a field has: a tag and a length, or a tag and a varint. */
export const LONGEST_HEAD = 20;

/** Everything but the skipped tensors is kept in memory: 8 MB for SDXL's UNet. */
const MAX_KEPT_BYTES = 2 ** 28;
const WINDOW_BYTES = 2 ** 16;

/** One field. `from` and `to` are the start and the end of its content, in bytes from the start of the field. */
export interface Field {
  readonly number: number;
  readonly type: number;
  readonly from: number;
  readonly to: number;
  /** A varint's value, 0 for other types; inexact from 2⁵³ on, where negative numbers are too. */
  readonly value: number;
}

/** A field of a message in memory, with its content. */
export interface MemoryField extends Omit<Field, 'from' | 'to'> {
  readonly content: Uint8Array;
}

/** Makes the error for a damaged file. */
export type Corrupt = (expected: string, found: string) => Error;

/**
 * The field that `bytes` begin with.
 * @param bytes at least LONGEST_HEAD of them, or all that are left
 * @param room how many bytes are left in the message
 * @throws what `corrupt` makes, when there is no whole field
 */
export function readField(bytes: Uint8Array, room: number, corrupt: Corrupt): Field {
  const malformed = (found: string) => corrupt('a protobuf message', found);
  const tag = varint(bytes, 0);
  if (!tag || tag.value < 8 || tag.value >= 2 ** 32) throw malformed('an invalid tag');
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

/**
 * Every field of a message in memory, in order.
 * @throws what `corrupt` makes, when the message is damaged
 */
export function* readFields(message: Uint8Array, corrupt: Corrupt): Generator<MemoryField> {
  for (let at = 0; at < message.length; ) {
    const head = message.subarray(at, at + LONGEST_HEAD);
    const { number, type, value, from, to } = readField(head, message.length - at, corrupt);
    yield { number, type, value, content: message.subarray(at + from, at + to) };
    at += to;
  }
}

/**
 * The varints of a packed field.
 * @throws what `corrupt` makes, when the last one is incomplete
 */
export function* readVarints(content: Uint8Array, corrupt: Corrupt): Generator<number> {
  for (let at = 0; at < content.length; ) {
    const next = varint(content, at);
    if (!next) throw corrupt('a protobuf message', 'a number cut off');
    yield next.value;
    at = next.end;
  }
}

/** The unsigned varint at `at`; undefined where it does not end. */
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

/** A field of a file: where it starts, where its content starts, and where both end, in bytes from the file's start. */
export interface FileField {
  readonly number: number;
  readonly type: number;
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

/** The fields of a file, read through a window; skipped content is not read. */
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

  /**
   * The fields of the message from `start` to `end`.
   * @throws what `corrupt` makes, when the message is damaged
   */
  async *of(start: number, end: number): AsyncGenerator<FileField> {
    for (let at = start; at < end; ) {
      const head = await this.#bytes(at, Math.min(end, at + LONGEST_HEAD));
      const { number, type, from, to } = readField(head, end - at, this.corrupt);
      yield { number, type, start: at, content: at + from, end: at + to };
      at += to;
    }
  }

  /**
   * The file's bytes from `start` to `end`, which stay in memory.
   * @throws what `corrupt` makes, when too many are kept
   */
  async keep(start: number, end: number): Promise<Uint8Array> {
    this.#kept += end - start;
    if (this.#kept > MAX_KEPT_BYTES)
      throw this.corrupt(`at most ${MAX_KEPT_BYTES} bytes besides the weights`, 'more');
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

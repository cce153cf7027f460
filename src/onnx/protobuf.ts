/**
 * A writer for the protobuf wire format (https://protobuf.dev/programming-guides/encoding), with the three kinds of field
 * that ONNX needs. A message is a list of encoded fields.
 */

const text = new TextEncoder();

/** An unsigned varint; `value` is a safe integer, 0 or more. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

/** An int64 field; `value` is a safe integer. A negative one takes ten bytes of two's complement, as the format asks. */
export function int(field: number, value: number): Uint8Array {
  if (value >= 0) return Uint8Array.from([...varint(field * 8), ...varint(value)]);
  const bytes: number[] = varint(field * 8);
  let rest = BigInt.asUintN(64, BigInt(value));
  for (let i = 0; i < 9; i++, rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes, Number(rest)]);
}

/** A float32, as four bytes in little-endian order. */
export function float(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return join([Uint8Array.from(varint(field * 8 + 5)), bytes]);
}

/** A field of bytes, of a string, or of a message given as its fields. */
export function bytes(field: number, value: Uint8Array | string | readonly Uint8Array[]): Uint8Array {
  const body =
    typeof value === 'string' ? text.encode(value) : value instanceof Uint8Array ? value : join(value);
  return join([Uint8Array.from([...varint(field * 8 + 2), ...varint(body.length)]), body]);
}

/** Encoded fields one after another, the body of a message. */
export function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

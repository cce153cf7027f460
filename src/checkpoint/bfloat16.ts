/** The same numbers in twice the bytes: a bfloat16 is the upper half of a float32. */
export function bfloat16ToFloat32(values: Uint16Array): Float32Array<ArrayBuffer> {
  return new Float32Array(Uint32Array.from(values, (half) => half << 16).buffer);
}

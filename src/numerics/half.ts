/** Every binary16 by its bits. */
const NUMBERS = Float32Array.from({ length: 2 ** 16 }, (_, bits) => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
});

/** Every float8_e4m3fn by its bits: like binary16 with four and three bits, but without infinities. */
const E4M3 = Float32Array.from({ length: 2 ** 8 }, (_, bits) => {
  const sign = bits & 0x80 ? -1 : 1;
  const exponent = (bits >> 3) & 15;
  const fraction = bits & 7;
  if ((bits & 0x7f) === 0x7f) return Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -9 : sign * (1 + fraction / 8) * 2 ** (exponent - 7);
});

/** float8_e4m3fn (Micikevicius et al. 2022), given as its bits, as float32: exact. */
export function float8E4M3ToFloat32(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(bytes.length);
  for (let i = 0; i < values.length; i++) values[i] = E4M3[bytes[i] as number] as number;
  return values;
}

/** float8_e5m2, given as its bits, as float32: exact, since it is the upper half of a binary16. */
export function float8E5M2ToFloat32(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(bytes.length);
  for (let i = 0; i < values.length; i++) values[i] = NUMBERS[(bytes[i] as number) << 8] as number;
  return values;
}

/** One IEEE 754 binary16, given as its bits. */
export const float16Number = (bits: number): number => NUMBERS[bits] as number;

/** IEEE 754 binary16, given as its bits, as float32: exact. */
export function float16ToFloat32(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(halves.length);
  for (let i = 0; i < values.length; i++) values[i] = NUMBERS[halves[i] as number] as number;
  return values;
}

/** float32 as the bits of IEEE 754 binary16, rounded to nearest, ties to even; 65520 and above become infinite. */
export function float32ToFloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  // Signed, because numbers from 2³¹ on would leave the engine's fast path.
  const words = new Int32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < halves.length; i++) {
    const word = words[i] as number;
    halves[i] = ((word >>> 16) & 0x8000) | magnitude16(word & 0x7fff_ffff, values[i] as number);
  }
  return halves;
}

/** @param bits of |value| as float32 */
function magnitude16(bits: number, value: number): number {
  if (bits > 0x7f80_0000) return 0x7e00;
  if (bits >= 0x4780_0000) return 0x7c00;
  // Below 2⁻¹⁴ the halves are whole multiples of 2⁻²⁴; from 2⁵² on a double is a whole number, so this sum rounds.
  if (bits < 0x3880_0000) return Math.abs(value) * 2 ** 24 + 2 ** 52 - 2 ** 52;
  return ((bits + 0xfff + ((bits >> 13) & 1)) >> 13) - (112 << 10);
}

/** bfloat16, given as its bits, as float32: exact, since a bfloat16 is the upper half of a float32. */
export function bfloat16ToFloat32(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = (halves[i] as number) << 16;
  return new Float32Array(bits.buffer);
}

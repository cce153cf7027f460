/** Numbers that only weights are stored as. A shader reads them, and never writes them. */
export type NarrowStorage = 'bfloat16' | 'float8e4m3fn' | 'float8e5m2';

const NARROW: ReadonlySet<string> = new Set<NarrowStorage>(['bfloat16', 'float8e4m3fn', 'float8e5m2']);
export const isNarrow = (storage: string): storage is NarrowStorage => NARROW.has(storage);

const typed = (type: 'u32' | 'f32', width: number) => (width === 1 ? type : `vec${width}<${type}>`);

/** The type that `width` of such numbers have in a buffer. */
export const narrowStored = (storage: NarrowStorage, width: number): string =>
  storage === 'bfloat16' && width === 4 ? 'vec2<u32>' : 'u32';

/** The function `read_NAME(i)` that gives the i-th `width` numbers as float32, exactly. */
export function narrowReading(name: string, storage: NarrowStorage, width: number): string {
  const [codes, vector] = [typed('u32', width), typed('f32', width)];
  const all = (value: string) => (width === 1 ? `${value}u` : `${codes}(${value}u)`);
  if (storage === 'bfloat16') return bfloat16Wgsl(name, width, vector);
  const shifts = ['0u', '8u', '16u', '24u'].slice(0, width).join(', ');
  const word =
    width === 4 ? `${name}[i]` : `(${name}[i / ${4 / width}u] >> (${8 * width}u * (i % ${4 / width}u)))`;
  return [
    `fn widen_${name}(code: ${codes}) -> ${vector} {`,
    ...(storage === 'float8e4m3fn' ? E4M3FN : E5M2)(vector, codes, all),
    `  return bitcast<${vector}>(bits | ((code & ${all('128')}) << ${all('24')}));`,
    '}',
    `fn read_${name}(i: u32) -> ${vector} { return widen_${name}((${width === 1 ? word : `${codes}(${word}) >> ${codes}(${shifts})`}) & ${all('255')}); }`,
  ].join('\n');
}

/** The upper half of a float32. */
function bfloat16Wgsl(name: string, width: number, vector: string): string {
  const upper = (word: string) => `bitcast<f32>(${word} & 0xffff0000u)`;
  const pair = (word: string) => `bitcast<f32>(${word} << 16u), ${upper(word)}`;
  const value = {
    1: upper(`(${name}[i / 2u] << (16u * (1u - i % 2u)))`),
    2: `${vector}(${pair(`${name}[i]`)})`,
    4: `${vector}(${pair(`${name}[i].x`)}, ${pair(`${name}[i].y`)})`,
  }[width];
  return `fn read_${name}(i: u32) -> ${vector} { return ${value}; }`;
}

/**
 * The bits of float32 of |code|. Below 2⁻ᵏ a float8 counts in equal steps, which whole numbers do too; a float32 of such a size
 * is made by no shift. The last code of E4M3FN is no number (OCP 8-bit Floating Point Specification 1.0, table 1).
 */
type Widening = (vector: string, codes: string, all: (value: string) => string) => string[];
const E4M3FN: Widening = (vector, codes, all) => [
  `  let size = code & ${all('127')};`,
  `  let small = bitcast<${codes}>(${vector}(size) * 0.001953125);`,
  `  let finite = select((size << ${all('20')}) + ${all('0x3c000000')}, small, size < ${all('8')});`,
  `  let bits = select(finite, ${all('0x7fc00000')}, size == ${all('127')});`,
];
const E5M2: Widening = (vector, codes, all) => [
  `  let size = code & ${all('127')};`,
  `  let small = bitcast<${codes}>(${vector}(size) * 0.0000152587890625);`,
  `  let finite = select((size << ${all('21')}) + ${all('0x38000000')}, small, size < ${all('4')});`,
  `  let bits = select(finite, (size << ${all('21')}) + ${all('0x70000000')}, size >= ${all('124')});`,
];

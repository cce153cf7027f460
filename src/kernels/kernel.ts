import { isNarrow, type NarrowStorage, narrowReading, narrowStored } from './narrow.ts';

/**
 * How a tensor's numbers lie in a buffer of the GPU, row-major. `packed16` is what devices without `shader-f16` have for
 * float16: two of them in a u32 (WGSL's pack2x16float), so that the last axis is even.
 */
export type Storage = 'float32' | 'float16' | 'packed16' | 'int32' | 'uint8' | NarrowStorage;

/** The bytes of one number. */
export const STORAGE_BYTES = {
  ...{ float32: 4, float16: 2, packed16: 2, int32: 4, uint8: 1 },
  ...{ bfloat16: 2, float8e4m3fn: 1, float8e5m2: 1 },
} as const;

/** How many neighbouring numbers a shader reads or writes at once. */
export type Width = 1 | 2 | 4;

/**
 * A compute shader and how it is started. Its entry point is `main`; binding 0 is the uniform buffer, the inputs and then the
 * outputs follow as storage buffers.
 */
export interface Kernel {
  /** Of what it computes, for profiles and for the self-test. */
  readonly name: string;
  /** WGSL. Shapes are uniforms: equal code is one pipeline. */
  readonly code: string;
  readonly uniforms: Uint32Array<ArrayBuffer>;
  readonly workgroups: readonly [x: number, y: number, z: number];
  /** Floating-point operations, a multiplication and an addition counting as two. */
  readonly flops: number;
  /** Of the inputs and outputs, each counted once. */
  readonly bytes: number;
}

/** A struct of uniforms, as WGSL and as bytes: unsigned integers, then float32. */
export interface Uniforms {
  readonly wgsl: string;
  readonly data: Uint32Array<ArrayBuffer>;
}

/** @throws RangeError for a number that no u32 holds */
export function uniforms(
  integers: Readonly<Record<string, number>>,
  floats: Readonly<Record<string, number>> = {},
): Uniforms {
  for (const [name, value] of Object.entries(integers))
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32)
      throw new RangeError(`The uniform ${name} is ${value}; expected an unsigned integer.`);
  const fields = [
    ...Object.keys(integers).map((name) => `${name}: u32`),
    ...Object.keys(floats).map((name) => `${name}: f32`),
  ];
  const words = new Uint32Array(Float32Array.from(Object.values(floats)).buffer);
  return {
    wgsl: `struct Uniforms { ${fields.join(', ')} }\n@group(0) @binding(0) var<uniform> u: Uniforms;`,
    data: Uint32Array.from([...Object.values(integers), ...words]),
  };
}

/** The type that `width` numbers have in a shader. */
export const vectorOf = (width: Width): string => (width === 1 ? 'f32' : `vec${width}<f32>`);

/** The type that `width` numbers of a storage have in a buffer. */
function stored(storage: Storage, width: Width): string {
  if (storage === 'packed16') return width === 4 ? 'vec2<u32>' : 'u32';
  if (isNarrow(storage)) return narrowStored(storage, width);
  const scalar = { float32: 'f32', float16: 'f16', int32: 'i32', uint8: 'u32' }[storage];
  return width === 1 || storage === 'uint8' ? scalar : `vec${width}<${scalar}>`;
}

/** The function `read_NAME(i)` that gives the i-th `width` numbers of a buffer as float32. */
export function reading(name: string, storage: Storage, width: Width): string {
  if (isNarrow(storage)) return narrowReading(name, storage, width);
  const vector = vectorOf(width);
  const value = {
    float32: `${name}[i]`,
    float16: `${vector}(${name}[i])`,
    int32: `${vector}(${name}[i])`,
    uint8: `f32((${name}[i / 4u] >> (8u * (i % 4u))) & 255u)`,
    packed16: {
      1: `unpack2x16float(${name}[i / 2u])[i % 2u]`,
      2: `unpack2x16float(${name}[i])`,
      4: `vec4<f32>(unpack2x16float(${name}[i].x), unpack2x16float(${name}[i].y))`,
    }[width],
  }[storage];
  return `fn read_${name}(i: u32) -> ${vector} { return ${value}; }`;
}

/** A storage buffer in WGSL: its binding and `reading`. Single numbers of `packed16` can be read, not written. */
export const input = (name: string, binding: number, storage: Storage, width: Width): string =>
  [
    `@group(0) @binding(${binding}) var<storage, read> ${name}: array<${stored(storage, width)}>;`,
    reading(name, storage, width),
  ].join('\n');

/** The same for a buffer that is written: `write_NAME(i, value)`. @throws RangeError for single numbers of `packed16` */
export function output(name: string, binding: number, storage: Storage, width: Width): string {
  if ((storage === 'packed16' && width === 1) || storage === 'uint8' || isNarrow(storage))
    throw new RangeError(`A shader cannot write single numbers of ${storage}.`);
  const type = stored(storage, width);
  const value =
    storage === 'packed16'
      ? { 2: 'pack2x16float(value)', 4: 'vec2<u32>(pack2x16float(value.xy), pack2x16float(value.zw))' }[
          width as 2 | 4
        ]
      : `${type}(value)`;
  return [
    `@group(0) @binding(${binding}) var<storage, read_write> ${name}: array<${type}>;`,
    `fn write_${name}(i: u32, value: ${vectorOf(width)}) { ${name}[i] = ${value}; }`,
  ].join('\n');
}

/** `enable f16;` where a storage needs it. */
export const enables = (...storages: readonly Storage[]): string =>
  storages.includes('float16') ? 'enable f16;' : '';

/** The most numbers at once that an axis of this length is read in, and that every offset along it allows. */
export function widthOf(...lengths: readonly number[]): Width {
  return ([4, 2] as const).find((width) => lengths.every((length) => length % width === 0)) ?? 1;
}

/** A dispatch may have this many workgroups along an axis. */
const MOST_WORKGROUPS = 65_535;

/** Workgroups for `count` invocations of `size`, over two axes where one does not hold them. */
export function workgroupsFor(count: number, size: number): readonly [number, number, number] {
  const groups = Math.ceil(count / size);
  if (groups <= MOST_WORKGROUPS) return [groups, 1, 1];
  const rows = Math.ceil(groups / MOST_WORKGROUPS);
  return [Math.ceil(groups / rows), rows, 1];
}

/** The start of a shader with an invocation for each item: its number `i`, which may lie past the last one. */
export const forEachItem = (size: number, body: string): string => `
@compute @workgroup_size(${size})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.y * groups.x * ${size}u + id.x;
${body}
}`;

import { attentionMain } from './attention-main.ts';
import { type AttentionTile, attentionLayout, attentionTile, LEAST_MEMORY } from './attention-tile.ts';
import {
  enables,
  input,
  type Kernel,
  output,
  reading,
  STORAGE_BYTES,
  type Storage,
  uniforms,
  type Width,
  widthOf,
} from './kernel.ts';

/** Where queries, keys or values lie in their buffer: row r of head h begins at offset + r · pitch + h · size. */
export interface AttentionPart {
  readonly pitch: number;
  readonly offset: number;
}

/** What attention computes, and of what. */
export interface Attention {
  readonly batches: number;
  readonly heads: number;
  /** Numbers of a head. */
  readonly size: number;
  /** Rows of one picture or text. */
  readonly queries: number;
  readonly keys: number;
  /** Of queries, keys and values. */
  readonly parts: readonly [AttentionPart, AttentionPart, AttentionPart];
  readonly storage: Storage;
  /** 1/√size without it. */
  readonly scale?: number | undefined;
  /** Whether a query sees only the keys up to its own. */
  readonly causal?: boolean | undefined;
  /** The result is added to what lies in the output, times this. Without it the output is overwritten. */
  readonly accumulate?: number | undefined;
}

/**
 * Softmax(scale · q kᵀ) v of each head, after FlashAttention-2 (Dao 2023): the scores are never written, since a row's
 * maximum and sum are corrected tile by tile. Scores, weights and sums are float32.
 *
 * Bindings: queries, keys, values (which may be one buffer), output [batches · queries, heads · size].
 * @param memory bytes of workgroup memory that the device has
 * @throws RangeError for a tile that the memory does not hold
 */
export function attention(
  problem: Attention,
  memory: number = LEAST_MEMORY,
  tile: AttentionTile = attentionTile(problem, memory),
): Kernel {
  const { batches, heads, size, queries, keys, parts, storage, causal = false, accumulate } = problem;
  const layout = attentionLayout(tile, size, memory);
  if (!layout) throw new RangeError(`Attention of size ${size} does not fit into ${memory} bytes.`);
  const names = ['query', 'key', 'value'] as const;
  const places = parts.flatMap(({ pitch, offset }, i) => [
    [`${names[i]}Pitch`, pitch],
    [`${names[i]}Offset`, offset],
  ]);
  const { wgsl, data } = uniforms(
    { queries, keys, heads, ...Object.fromEntries(places) },
    // Powers of two are what GPUs have: exp(x) is exp2(x · log₂e).
    { scale: (problem.scale ?? size ** -0.5) * Math.LOG2E, weight: accumulate ?? 1 },
  );
  const width = widthOf(size);
  const accumulates = accumulate !== undefined;
  const code = [
    enables(storage),
    wgsl,
    `const SIZE = ${size}u;`,
    ...parts.flatMap(({ pitch, offset }, i) =>
      partWgsl(names[i] as string, 1 + i, storage, widthOf(size, pitch, offset)),
    ),
    output('result', 4, storage, width),
    ...(accumulates ? [reading('result', storage, width)] : []),
    attentionMain({ causal, accumulates, tile, layout, width }),
  ].join('\n');
  return {
    name: `attention ${size}${causal ? ' causal' : ''} ${storage} ${layout.queries}×${layout.keys}`,
    code,
    uniforms: data,
    workgroups: [Math.ceil(queries / layout.queries), batches * heads, 1],
    ...costOf(problem),
  };
}

/** The binding, and `load_NAME(i, column)`: the four numbers of a head from `column` on, with zeros after its last. */
function partWgsl(name: string, binding: number, storage: Storage, width: Width): string[] {
  const read = (i: number) => `read_${name}(i / ${width}u${i ? ` + ${i}u` : ''})`;
  const body = {
    4: `return ${read(0)};`,
    2: `var x = vec4<f32>(${read(0)}, 0.0, 0.0); if (column + 2u < SIZE) { x = vec4<f32>(x.xy, ${read(1)}); } return x;`,
    1: `var x = vec4<f32>(${read(0)}, 0.0, 0.0, 0.0);
  if (column + 1u < SIZE) { x.y = ${read(1)}; }
  if (column + 2u < SIZE) { x.z = ${read(2)}; }
  if (column + 3u < SIZE) { x.w = ${read(3)}; }
  return x;`,
  }[width];
  return [
    input(name, binding, storage, width),
    `fn load_${name}(i: u32, column: u32) -> vec4<f32> {\n  ${body}\n}`,
  ];
}

function costOf({ batches, heads, size, queries, keys, storage, causal, accumulate }: Attention) {
  const rows = 2 * keys + (accumulate === undefined ? 2 : 3) * queries;
  const pairs = causal ? (queries * (queries + 1)) / 2 : queries * keys;
  return {
    flops: 4 * batches * heads * size * pairs,
    bytes: batches * heads * size * rows * STORAGE_BYTES[storage],
  };
}

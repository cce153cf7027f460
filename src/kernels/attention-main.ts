import type { AttentionLayout, AttentionTile } from './attention-tile.ts';
import type { Width } from './kernel.ts';

interface Main {
  readonly causal: boolean;
  readonly accumulates: boolean;
  readonly tile: AttentionTile;
  readonly layout: AttentionLayout;
  /** Of what is written at once. */
  readonly width: Width;
}

/** Text for each of `count` rows, columns or keys; an invocation's own are unrolled, since only so they stay in registers. */
const each = (count: number, make: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join('\n');

const COMPONENTS = ['x', 'y', 'z', 'w'] as const;

/**
 * The entry point. A workgroup has `queries` of one head and goes along its keys in tiles: scores, their weights, the
 * weighted values. Row i of an invocation lies i · threadRows below its first; its keys and columns are vectors of four that
 * lie threadColumns apart.
 */
export function attentionMain(main: Main): string {
  const { causal, tile, layout } = main;
  const [perRow] = tile.perThread;
  const [threadColumns, threadRows] = tile.threads;
  const { sizes } = layout;
  const isHeld = sizes.queries > 0;
  return `
const LOWEST = -1e30;
var<workgroup> tile: array<vec4<f32>, ${sizes.tile}>;
var<workgroup> weights: array<vec4<f32>, ${sizes.weights}>;
${isHeld ? `var<workgroup> queries: array<vec4<f32>, ${sizes.queries}>;` : ''}

@compute @workgroup_size(${threadColumns}, ${threadRows})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) thread: vec3<u32>,
  @builtin(local_invocation_index) index: u32) {
  let batch = group.y / u.heads;
  let column = group.y % u.heads * SIZE;
  let firstQuery = group.x * ${layout.queries}u;
  let queryStart = batch * u.queries * u.queryPitch + u.queryOffset + column;
  let keyStart = batch * u.keys * u.keyPitch + u.keyOffset + column;
  let valueStart = batch * u.keys * u.valuePitch + u.valueOffset + column;
  let end = ${causal ? `min(u.keys, firstQuery + ${layout.queries}u)` : 'u.keys'};
${each(
  perRow,
  (i) => `  var max${i} = LOWEST; var sum${i} = 0.0;
${each(layout.columns, (c) => `  var out${i}_${c} = vec4<f32>();`)}`,
)}
${isHeld ? loadQueries(main, 'queries', '0u', layout.depth * layout.steps) : ''}
  for (var first = 0u; first < end; first += ${layout.keys}u) {
${scores(main)}
${softmax(main)}
${weightedValues(main)}
  }
${finish(main)}
}`;
}

/** A loop in which the invocations load `count` vectors: `body` for the one numbered `at`. */
function load({ tile }: Main, count: number, body: string): string {
  const threads = tile.threads[0] * tile.threads[1];
  return `    for (var i = 0u; i < ${Math.ceil(count / threads)}u; i++) {
      let at = i * ${threads}u + index;
${count % threads ? `      if (at < ${count}u) {` : '      {'}
${body}
      }
    }`;
}

/** Vectors of the rows from `row` on, zero past the last row and column. */
const vector = (name: 'query' | 'key' | 'value', rows: string) => `        var x = vec4<f32>();
        if (row < ${rows} && c < SIZE) { x = load_${name}(${name}Start + row * u.${name}Pitch + c, c); }`;

function loadQueries(main: Main, target: string, start: string, depth: number): string {
  const { queries, pitch } = main.layout;
  return load(
    main,
    queries * depth,
    `        let row = firstQuery + at / ${depth}u; let c = (${start} + at % ${depth}u) * 4u;
${vector('query', 'u.queries')}
        ${target}[at / ${depth}u * ${pitch.queries}u + at % ${depth}u] = x * u.scale;`,
  );
}

/** Keys 4n + j lie j quarters into the tile, so that invocations with neighbouring vectors of keys read neighbouring rows. */
function loadKeys(main: Main): string {
  const { keys, depth, pitch } = main.layout;
  return load(
    main,
    keys * depth,
    `        let n = at / ${depth}u; let row = first + n; let c = (start + at % ${depth}u) * 4u;
${vector('key', 'end')}
        tile[(n % 4u * ${keys / 4}u + n / 4u) * ${pitch.keys}u + at % ${depth}u] = x;`,
  );
}

function scores(main: Main): string {
  const { tile, layout } = main;
  const [perRow, perKey] = tile.perThread;
  const [threadColumns, threadRows] = tile.threads;
  const { depth, steps, keys, pitch, sizes } = layout;
  const query = sizes.queries
    ? (i: number) => `queries[(thread.y + ${i * threadRows}u) * ${pitch.queries}u + start + at]`
    : (i: number) => `weights[(thread.y + ${i * threadRows}u) * ${pitch.queries}u + at]`;
  const key = (n: number, j: number) =>
    `tile[(${j * (keys / 4) + n * threadColumns}u + thread.x) * ${pitch.keys}u + at]`;
  const product = (i: number, n: number, j: number) => {
    const score = `score${i}_${n}.${COMPONENTS[j]}`;
    return COMPONENTS.reduce((sum, c) => `(${sum} + q${i}.${c} * key${j}.${c})`, score);
  };
  // Drivers make a chain of four fused operations of this, five of `dot` and an addition. `fma` itself is slow in software.
  const multiply = each(
    perKey / 4,
    (n) => `        {
${each(4, (j) => `          let key${j} = ${key(n, j)};`)}
${each(perRow, (i) => each(4, (j) => `          score${i}_${n}.${COMPONENTS[j]} = ${product(i, n, j)};`))}
        }`,
  );
  return `${each(perRow, (i) => each(perKey / 4, (n) => `    var score${i}_${n} = vec4<f32>();`))}
    for (var start = 0u; start < ${steps * depth}u; start += ${depth}u) {
    workgroupBarrier();
${sizes.queries ? '' : loadQueries(main, 'weights', 'start', depth)}
${loadKeys(main)}
    workgroupBarrier();
      for (var at = 0u; at < ${depth}u; at++) {
${each(perRow, (i) => `        let q${i} = ${query(i)};`)}
${multiply}
      }
    }
    workgroupBarrier();`;
}

/** Rows `4n` to `4n + 3` of an invocation as one vector, `rest` for those it does not have. */
const rowsOf = (n: number, perRow: number, make: (i: number) => string, rest: string): string =>
  `vec4<f32>(${[0, 1, 2, 3].map((c) => (4 * n + c < perRow ? make(4 * n + c) : rest)).join(', ')})`;

/** The scores become weights, relative to the greatest score so far; what was summed before is made relative to it too. */
function softmax({ causal, tile, layout }: Main): string {
  const [perRow, perKey] = tile.perThread;
  const [threadColumns, threadRows] = tile.threads;
  const fours = Math.ceil(perRow / 4);
  const vectors = perKey / 4;
  const mask = (i: number, n: number) => {
    const limit = causal ? `min(u.keys, firstQuery + thread.y + ${i * threadRows + 1}u)` : 'u.keys';
    return `    score${i}_${n} = select(vec4<f32>(LOWEST), score${i}_${n}, key_${n} < vec4<u32>(${limit}));`;
  };
  const greatest = (i: number) => {
    const vector = Array.from({ length: vectors }, (_, n) => `score${i}_${n}`).reduce(
      (a, b) => `max(${a}, ${b})`,
    );
    return `let most${i} = ${vector};`;
  };
  const most = (i: number) => `max(max(most${i}.x, most${i}.y), max(most${i}.z, most${i}.w))`;
  const weigh = (i: number, n: number) => `    { let weight = exp2(score${i}_${n} - max${i});
      sum${i} += weight.x + weight.y + weight.z + weight.w;
      weights[(thread.y + ${i * threadRows}u) * ${layout.pitch.weights}u + thread.x + ${n * threadColumns}u] = weight; }`;
  return `${each(vectors, (n) => `    let key_${n} = first + 4u * (thread.x + ${n * threadColumns}u) + vec4<u32>(0u, 1u, 2u, 3u);`)}
${each(perRow, (i) => `${each(vectors, (n) => mask(i, n))}\n    ${greatest(i)}`)}
${each(fours, (n) => `    tile[(thread.y * ${fours}u + ${n}u) * ${threadColumns}u + thread.x] = ${rowsOf(n, perRow, most, 'LOWEST')};`)}
    workgroupBarrier();
${each(
  fours,
  (n) => `    var top${n} = ${rowsOf(n, perRow, (i) => `max${i}`, 'LOWEST')};
    for (var x = 0u; x < ${threadColumns}u; x++) { top${n} = max(top${n}, tile[(thread.y * ${fours}u + ${n}u) * ${threadColumns}u + x]); }`,
)}
${each(
  perRow,
  (
    i,
  ) => `    { let top = top${Math.floor(i / 4)}.${COMPONENTS[i % 4]}; let factor = exp2(max${i} - top); max${i} = top; sum${i} *= factor;
${each(layout.columns, (c) => `      out${i}_${c} *= factor;`)} }
${each(vectors, (n) => weigh(i, n))}`,
)}`;
}

function weightedValues(main: Main): string {
  const { tile, layout } = main;
  const [perRow] = tile.perThread;
  const [threadColumns, threadRows] = tile.threads;
  const { keys, values, columns, pitch } = layout;
  const perValue = columns * threadColumns;
  const isWhole = keys % values === 0;
  const loaded = load(
    main,
    values * perValue,
    `        let row = first + part + at / ${perValue}u; let c = at % ${perValue}u * 4u;
${vector('value', 'end')}
        tile[at] = x;`,
  );
  const add = (j: number) => `        {
${each(columns, (c) => `          let value${c} = tile[(4u * n + ${j}u) * ${perValue}u + thread.x + ${c * threadColumns}u];`)}
${each(perRow, (i) => each(columns, (c) => `          out${i}_${c} += weight${i}.${COMPONENTS[j]} * value${c};`))}
        }`;
  return `    for (var part = 0u; part < ${keys}u; part += ${values}u) {
    workgroupBarrier();
${loaded}
    workgroupBarrier();
      for (var n = 0u; n < ${isWhole ? `${values / 4}u` : `min(${values / 4}u, (${keys}u - part) / 4u)`}; n++) {
${each(perRow, (i) => `        let weight${i} = weights[(thread.y + ${i * threadRows}u) * ${pitch.weights}u + part / 4u + n];`)}
${each(4, add)}
      }
    }`;
}

/** Each invocation has summed the weights of its own keys; the rows' sums divide the result. */
function finish({ accumulates, tile, layout, width }: Main): string {
  const [perRow] = tile.perThread;
  const [threadColumns, threadRows] = tile.threads;
  const fours = Math.ceil(perRow / 4);
  const parts = { 4: ['x'], 2: ['x.xy', 'x.zw'], 1: ['x.x', 'x.y', 'x.z', 'x.w'] }[width];
  const write = parts.map((part, n) => {
    const at = `at / ${width}u + ${n}u`;
    const value = width === 4 ? 'x' : part;
    const sum = accumulates ? `read_result(${at}) + u.weight * ${value}` : value;
    return `      if (c + ${n * width}u < SIZE) { write_result(${at}, ${sum}); }`;
  });
  const row = (
    i: number,
  ) => `  { let query = firstQuery + thread.y + ${i * threadRows}u; if (query < u.queries) {
    let total = total${Math.floor(i / 4)}.${COMPONENTS[i % 4]};
${each(
  layout.columns,
  (c) => `    { let x = out${i}_${c} / total; let c = (thread.x + ${c * threadColumns}u) * 4u;
      let at = (batch * u.queries + query) * u.heads * SIZE + column + c;
${write.join('\n')} }`,
)}
  } }`;
  return `  workgroupBarrier();
${each(fours, (n) => `  tile[(thread.y * ${fours}u + ${n}u) * ${threadColumns}u + thread.x] = ${rowsOf(n, perRow, (i) => `sum${i}`, '1.0')};`)}
  workgroupBarrier();
${each(
  fours,
  (n) => `  var total${n} = vec4<f32>();
  for (var x = 0u; x < ${threadColumns}u; x++) { total${n} += tile[(thread.y * ${fours}u + ${n}u) * ${threadColumns}u + x]; }`,
)}
${each(perRow, row)}`;
}

/** @typedef {import('./rows.ts').Row} Row */

/** @param {number} value @param {number} [digits] */
const fixed = (value, digits = 1) => value.toFixed(digits);
const MB = 1e6;

/** @param {{ readonly engine: string, readonly bits: number }} kernels */
const nameOf = ({ engine, bits }) => `${engine}, ${bits} bits`;

/**
 * @template {Row['kind']} K
 * @param {readonly Row[]} rows @param {K} kind
 * @returns {Extract<Row, { kind: K }>[]}
 */
const only = (rows, kind) =>
  /** @type {Extract<Row, { kind: K }>[]} */ (rows.filter((row) => row.kind === kind));

/** @param {readonly Row[]} rows */
function sessions(rows) {
  const all = only(rows, 'session');
  const lines = all.map((row) => {
    const { title, plannedBytes, weightBytes, loadMs, firstMs, medianMs, errors } = row;
    const other = all.find((one) => one.title === title && one.engine === 'onnxruntime');
    const ratio = other && row !== other ? `${fixed(medianMs / other.medianMs, 2)} ×` : '';
    const planned = plannedBytes === undefined ? '' : fixed(plannedBytes / MB, 0);
    const compared = Object.entries(errors).map(([name, error]) => `${name}: ${error.toExponential(1)}`);
    const load = `${fixed(loadMs / 1000)} (${fixed(weightBytes / MB / (loadMs / 1000), 0)})`;
    return `| ${title} | ${nameOf(row)} | ${fixed(medianMs)} | ${ratio} | ${fixed(firstMs, 0)} | ${load} | ${planned} | ${compared.join('; ')} |`;
  });
  return [
    '| what | kernels | median, ms | to onnxruntime’s | first run, ms | load, s (MB/s) | planned on the GPU, MB | error against |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
  ];
}

/** @param {readonly Row[]} rows */
function pictures(rows) {
  const all = only(rows, 'picture');
  if (all.length === 0) return [];
  return [
    '',
    '| first picture | kernels | seconds | of it opening the GPU | loading | steps | next picture | planned on the GPU, MB | allocated, MB |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...all.map((row) => {
      // What is opened for one picture is open for the next.
      const next = fixed(row.seconds - row.deviceSeconds - row.loadSeconds);
      const planned = row.plannedBytes === undefined ? '' : fixed(row.plannedBytes / MB, 0);
      return `| ${row.title}, ${row.setting}, ${row.steps} steps | ${nameOf(row)} | ${fixed(row.seconds)} | ${fixed(row.deviceSeconds)} | ${fixed(row.loadSeconds)} | ${fixed(row.stepsSeconds)} | ${next} | ${planned} | ${fixed(row.allocatedBytes / MB, 0)} |`;
    }),
  ];
}

/**
 * What was measured, as Markdown.
 * @param {readonly Row[]} rows
 * @param {readonly string[]} facts of the browser and the machine
 */
export function tables(rows, facts) {
  const adapters = only(rows, 'adapter').map(({ vendor, architecture, device, description, ...adapter }) => {
    const name = [vendor, architecture, device, description].filter(Boolean).join(' · ');
    const limits = `buffers of ${adapter.bufferMB} MB, bindings of ${adapter.bindingMB} MB`;
    const f16 = adapter.features.includes('shader-f16') ? 'shader-f16' : 'no shader-f16';
    return `${name}; ${f16}; ${limits}`;
  });
  const failures = only(rows, 'failure').map((row) => `- ${row.title}, ${nameOf(row)}: ${row.message}`);
  return [
    ...[...adapters, ...facts].map((fact) => `- ${fact}`),
    '',
    ...sessions(rows),
    ...pictures(rows),
    ...(failures.length > 0 ? ['', 'Failed:', '', ...failures] : []),
    ...only(rows, 'steps').map(({ text }) => text),
    '',
  ].join('\n');
}

import { activationWgsl } from './activations.ts';
import { input, output, type Width, widthOf } from './kernel.ts';
import type { Gemm } from './product.ts';

/**
 * What follows a sum, as `finish(row, column, value[, gate])`, and its bindings from `binding` on: bias, addend, residual, the
 * result. Where the result has an even number of columns it takes two neighbours at once.
 */
export function epilogueWgsl(product: Gemm, binding: number): string[] {
  const { columns, gated, bias, addend, residual, activation, out } = product;
  const width: Width = widthOf(gated ? columns / 2 : columns) > 1 ? 2 : 1;
  const vector = width === 2 ? 'vec2<f32>' : 'f32';
  const lines: string[] = [];
  let at = binding;
  if (bias) lines.push(input('bias', at++, bias, width));
  if (addend) lines.push(input('addend', at++, addend.storage, width));
  if (residual) lines.push(input('residual', at++, residual, width));
  lines.push(output('result', at, out, width));
  const applied = gated ? 'gelu' : activation;
  if (applied) lines.push(activationWgsl(applied, width));
  lines.push(
    `fn finish(row: u32, column: u32, value: ${vector}${gated ? `, gate: ${vector}` : ''}) {`,
    '  var sum = u.alpha * value;',
    bias ? `  sum += read_bias(column / ${width}u);` : '',
    gated
      ? `  sum *= gelu${width}(u.alpha * gate${bias ? ` + read_bias((u.outColumns + column) / ${width}u)` : ''});`
      : '',
    addend
      ? `  sum += read_addend((u.addendOffset + row / u.rowsPerBatch * u.addendPitch + column) / ${width}u);`
      : '',
    residual ? `  sum += read_residual((row * u.outColumns + column) / ${width}u);` : '',
    activation && !gated ? `  sum = ${activation}${width}(sum);` : '',
    `  write_result((row * u.outColumns + column) / ${width}u, sum);`,
    '}',
  );
  return lines.filter(Boolean);
}

import { expect, test } from 'vitest';
import type { KernelCase } from '../kernels/cases/case.ts';
import { matricesCases } from './matrices.ts';
import { formsOf } from './self-test.ts';
import { matrixTile } from './tiles.ts';
import { variantsOf } from './variants.ts';

/** By the kernel's name: rows and columns of a product, queries and keys of attention. Its uniforms begin with the problem's. */
function expectWhole({ title, steps }: KernelCase): void {
  const { name, uniforms } = (steps[0] as KernelCase['steps'][number]).kernel;
  const [rows, columns] = (/(\d+)×(\d+)(?= |$)(?!.*×)/.exec(name) as RegExpExecArray).slice(1).map(Number);
  expect(uniforms[0], title).toBeGreaterThan(rows as number);
  expect(uniforms[1], title).toBeGreaterThan(columns as number);
}

// A driver may keep all sums of an invocation right but its last ones, which lie where there is no register left.
test.each([
  [16_384, false],
  [32_768, false],
  [49_152, false],
  [16_384, true],
])('with %i bytes the self-test goes beyond the tile of each form (software: %s)', (memory, isSoftware) => {
  const forms = formsOf('packed16', variantsOf(memory, isSoftware));
  for (const form of forms) expectWhole(form);
  const titles = forms.map(({ title }) => title);
  for (const kind of ['geglu', 'conv', '8 bits', '4 bits', 'causal']) {
    expect(titles.join()).toContain(kind);
  }
  for (const kind of ['float8e4m3fn', 'float8e5m2', 'bfloat16', 'scaled'])
    if (!isSoftware) expect(titles.join()).toContain(kind);
});

test('and so it does where subgroups multiply', () => {
  for (const one of matricesCases(matrixTile([8, 8, 8], 32)).slice(0, 2)) expectWhole(one);
});

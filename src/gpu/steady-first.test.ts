import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Graph } from '../graph/graph.ts';
import { type GoldenName, goldenCase } from '../models/golden/cases.ts';
import { compile } from './compile.ts';
import type { Operand, Program } from './program.ts';
import { chooseTile } from './tiles.ts';

const read = (path: string) => openAsBlob(join(import.meta.dirname, '../..', path));
const compiled = (graph: Graph): Program =>
  compile(graph, { hasF16: false, workgroupMemory: 16_384, tileFor: chooseTile });

/** A golden UNet for both texts, and for one. */
async function programs(name: GoldenName): Promise<{ both: Program; one: Program }> {
  const { runs } = await goldenCase(name, read, { provider: 'webgpu', dtype: 'float16', ownKernels: true });
  const of = (title: string) => compiled((runs.find((run) => run.title === title) as { graph: Graph }).graph);
  return { both: of('both texts at once'), one: of('the second text alone') };
}

describe.each([
  'tiny-model/unet',
  'unet-trinket',
  'unet-sdxl',
  'unet-lcm',
  'unet-projected',
] as const)('%s', (name) => {
  let built: { readonly both: Program; readonly one: Program };
  beforeAll(async () => {
    built = await programs(name);
  });

  test('what comes first depends on the texts alone, and nothing later does', () => {
    for (const program of Object.values(built)) {
      const { steps, steadySteps, inputs } = program;
      const made = new Set(inputs.flatMap(({ isSteady, tensor }) => (isSteady ? [tensor] : [])));
      const isSteady = (operand: Operand) => 'weight' in operand || made.has(operand.tensor);
      for (const { reads, writes } of steps.slice(0, steadySteps)) {
        expect(reads.every(isSteady)).toBe(true);
        made.add(writes);
      }
      const later = steps.slice(steadySteps);
      const isPart = (tensor: number) => later.filter(({ writes }) => writes === tensor).length > 1;
      const missed = later.filter(({ reads, writes }) => reads.every(isSteady) && !isPart(writes));
      expect(missed.map(({ kernel }) => kernel.name)).toEqual([]);
      expect(later.some(({ writes }) => made.has(writes))).toBe(false);
      // Keys and values of the text for all attentions are one product.
      expect(steps.slice(0, steadySteps).some(({ kernel }) => kernel.name.startsWith('gemm'))).toBe(true);
    }
  });

  test('for one text it reads no weight that it does not read for two', () => {
    const { both, one } = built;
    const namesOf = ({ weights }: Program) =>
      weights.map(({ parts, storage, taps }) =>
        JSON.stringify([parts.map(({ name }) => name), storage, taps]),
      );
    const known = new Set(namesOf(both));
    expect(namesOf(one).filter((weight) => !known.has(weight))).toEqual([]);
  });
});

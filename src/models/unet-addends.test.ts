import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Graph } from '../graph/graph.ts';
import { Runtime } from '../runtime/runtime.ts';
import { ADDEND_KINDS, ADDEND_NAMES, ADDENDS, addendCase, isAddend } from './golden/addends.ts';
import { type GoldenTensor, type GoldenTensors, relativeError } from './golden/cases.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => openAsBlob(join(ROOT, path));
const runtime = await Runtime.open('wasm');

/** What the graph computes on the CPU from those of the tensors that it asks for. */
async function run(graph: Graph, tensors: GoldenTensors): Promise<Float32Array> {
  const session = await runtime.open(graph);
  const feeds = graph.inputs.map(({ name, shape }) => {
    expect(tensors[name]?.shape, name).toEqual(shape);
    return [name, (tensors[name] as GoldenTensor).data] as const;
  });
  const { out_sample } = await session.run(Object.fromEntries(feeds));
  await session.release();
  return out_sample as Float32Array;
}

describe.each(ADDEND_NAMES)('%s', async (name) => {
  const { build, tensors, zeros } = await addendCase(name, read, runtime.target);

  test.each(ADDEND_KINDS)('with %s it computes what diffusers does', async (kind) => {
    const found = await run(build(2, ADDENDS[kind]), tensors);
    // Measured: 2.3e-6 and less.
    expect(relativeError(found, tensors[kind] as GoldenTensor)).toBeLessThan(1e-4);
  });

  test('zeros change nothing', async () => {
    expect(await run(build(2, ADDENDS.both), zeros)).toEqual(await run(build(2), tensors));
  });

  test('apart from the additions the graph is the same', () => {
    const plain = build(1);
    const graph = build(1, ADDENDS.both);
    const added = graph.nodes.filter(({ inputs }) => inputs.some((value) => value && isAddend(value.name)));
    const names = graph.inputs.map((value) => value.name).filter(isAddend);
    expect(added.map(({ op, inputs }) => [op, inputs[1]?.name])).toEqual(names.map((key) => ['Add', key]));
    const rest = graph.nodes.filter((node) => !added.includes(node));
    const described = (nodes: Graph['nodes']) =>
      nodes.map(({ op, attributes, outputs }) => [op, attributes, outputs.map(({ shape }) => shape)]);
    expect(described(rest)).toEqual(described(plain.nodes));
    expect([...graph.initializers.keys()]).toEqual([...plain.initializers.keys()]);
    const asked = Object.keys(tensors).filter(isAddend);
    expect(names.toSorted()).toEqual(asked.toSorted());
  });
});

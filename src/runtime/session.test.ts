import { expect, test } from 'vitest';
import { Graph, type GraphTarget } from '../graph/graph.ts';
import { Runtime } from './runtime.ts';
import { selfTest } from './self-test.ts';
import { Lock } from './session.ts';

const later = () => new Promise((resolve) => setTimeout(resolve, 5));

test('the lock runs one job at a time, in order, also after a failure', async () => {
  const lock = new Lock();
  const log: string[] = [];
  const job = (name: string) => async () => {
    log.push(`${name} in`);
    await later();
    log.push(`${name} out`);
    if (name === 'b') throw new Error(name);
    return name;
  };
  const results = await Promise.allSettled(['a', 'b', 'c'].map((name) => lock.run(job(name))));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(log).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
});

/** y = x + w[ids], with w [5, 3] in a file of its own. */
function lookup(target: GraphTarget, table: Float32Array) {
  const g = new Graph('lookup', target);
  const x = g.input('x', 'float32', [2, 3]);
  const ids = g.input('ids', 'int32', [2]);
  const range = { path: 'w', offset: 8, length: table.byteLength };
  const w = g.weight('w', 'float32', [5, 3], range, new Blob([new Uint8Array(8), table.slice()]));
  g.output('y', g.op('Add', [x, g.op('Gather', [w, ids], [2, 3])], [2, 3]));
  return g;
}

test('a session reads weights from their file, and runs one after another', async () => {
  const runtime = await Runtime.open('wasm');
  const table = Float32Array.from({ length: 15 }, (_, i) => i / 8);
  const session = await runtime.open(lookup(runtime.target, table));
  const run = (ids: number[]) =>
    session.run({ x: Float32Array.of(1, 2, 3, 4, 5, 6), ids: Int32Array.from(ids) });
  const [first, second] = await Promise.all([run([4, 0]), run([1, 1])]);
  expect([...(first?.y ?? [])]).toEqual([2.5, 3.625, 4.75, 4, 5.125, 6.25]);
  expect([...(second?.y ?? [])]).toEqual([1.375, 2.5, 3.625, 4.375, 5.5, 6.625]);
  await expect(session.run({ x: new Float32Array(6) })).rejects.toThrow('lookup needs ids');
  await session.release();
});

test('the self-test passes where numbers are right, and names the operator where they are not', async () => {
  const runtime = await Runtime.open('wasm');
  await expect(selfTest(runtime)).resolves.toBeUndefined();

  for (const name of ['convolved', 'normed', 'attended']) {
    const wrong = {
      target: runtime.target,
      open: async (graph: Graph) => {
        const session = await runtime.open(graph);
        const run: typeof session.run = async (feeds) => {
          const results = await session.run(feeds);
          // The last value of one result, off by as much as faulty attention kernels were seen to be.
          const values = results[name]?.map((value, i, all) => (i === all.length - 1 ? value + 0.05 : value));
          return { ...results, [name]: values as Float32Array };
        };
        return { ...session, run };
      },
    };
    await expect(selfTest(wrong)).rejects.toMatchObject({
      code: 'wrong-numbers',
      details: { operator: name },
    });
  }
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Kernel, Storage } from '../kernels/kernel.ts';
import { STORAGE_BYTES } from '../kernels/kernel.ts';
import { planMemory } from './memory.ts';
import type { Program, Step } from './program.ts';
import { steadyFirst } from './steady-first.ts';

const KERNEL: Kernel = {
  ...{ name: 'any', code: '', uniforms: new Uint32Array(), workgroups: [1, 1, 1], flops: 0, bytes: 0 },
};

/** Programs of any kind: each step reads what is there and makes a tensor, or writes another part of one. */
const programs = fc
  .record({
    inputs: fc.integer({ min: 1, max: 4 }),
    unread: fc.integer({ min: 0, max: 2 }),
    steps: fc.array(
      fc.record({
        reads: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
        readsWeight: fc.boolean(),
        isAgain: fc.boolean(),
      }),
      { minLength: 1, maxLength: 25 },
    ),
    lengths: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 32, maxLength: 32 }),
    storages: fc.array(fc.constantFrom<Storage>('float32', 'float16', 'packed16', 'int32'), {
      minLength: 32,
      maxLength: 32,
    }),
    outputs: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
    isSteady: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  })
  .map(({ inputs, unread, steps, lengths, storages, outputs, isSteady }): Program => {
    const first = inputs + unread;
    let count = first;
    const made: Step[] = [];
    for (const { reads, readsWeight, isAgain } of steps) {
      const writes = isAgain && count > first ? count - 1 : count++;
      const known = Array.from({ length: count }, (_, i) => i).filter(
        (i) => i !== writes && (i < inputs || i >= first),
      );
      const operands = reads.map((i) => ({ tensor: known[i % known.length] as number }));
      made.push({ kernel: KERNEL, reads: readsWeight ? [...operands, { weight: 0 }] : operands, writes });
    }
    const tensors = Array.from({ length: count }, (_, i) => {
      return { storage: storages[i % 32] as Storage, length: lengths[i % 32] as number };
    });
    const port = (tensor: number) => ({ name: `t${tensor}`, dtype: 'float32', shape: [1], tensor }) as const;
    const ports = Array.from({ length: inputs }, (_, i) => ({
      ...port(i),
      isSteady: isSteady[i] as boolean,
    }));
    return {
      ...{ name: 'any', tensors, weights: [], ...steadyFirst(made, ports), inputs: ports },
      outputs: outputs.map((i) => port(i % count)).filter(({ tensor }) => tensor < inputs || tensor >= first),
    };
  });

test('whatever is written, every step reads what was meant for it, and results are whole at the end', () => {
  fc.assert(
    fc.property(programs, (program) => {
      const { bufferOf, sizes } = planMemory(program);
      // What each buffer holds: the tensor that was last written to it.
      const holds: (number | undefined)[] = sizes.map(() => undefined);
      const bufferOfTensor = (tensor: number) => bufferOf[tensor] as number;
      // The whole program, then twice what a run with the same steady inputs leaves of it, then the whole again.
      for (const isWhole of [true, false, false, true]) {
        const fed = program.inputs.filter(({ isSteady }) => isWhole || !isSteady);
        expect(new Set(fed.map(({ tensor }) => bufferOfTensor(tensor))).size).toBe(fed.length);
        for (const { tensor } of fed) holds[bufferOfTensor(tensor)] = tensor;
        const begun = new Set<number>();
        for (const { reads, writes } of program.steps.slice(isWhole ? 0 : program.steadySteps)) {
          for (const operand of reads) {
            if (!('tensor' in operand)) continue;
            expect(holds[bufferOfTensor(operand.tensor)]).toBe(operand.tensor);
            expect(bufferOfTensor(operand.tensor)).not.toBe(bufferOfTensor(writes));
          }
          if (begun.has(writes)) expect(holds[bufferOfTensor(writes)]).toBe(writes);
          begun.add(writes);
          holds[bufferOfTensor(writes)] = writes;
        }
        for (const { tensor } of program.outputs) expect(holds[bufferOfTensor(tensor)]).toBe(tensor);
      }
      for (const [tensor, { storage, length }] of program.tensors.entries())
        expect(sizes[bufferOfTensor(tensor)]).toBeGreaterThanOrEqual(length * STORAGE_BYTES[storage]);
    }),
    { numRuns: 500 },
  );
});

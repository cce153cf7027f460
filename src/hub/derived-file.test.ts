import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Derivation, openDerived } from './derived-file.ts';
import { sha256 } from './samples/download.ts';
import { MemoryStore } from './samples/memory-store.ts';

const SOURCE = Uint8Array.from({ length: 40_000 }, (_, i) => (Math.imul(i, 2_654_435_761) >>> 13) & 255);
const HEADER = 1100;
/** Every ten bytes become their first two. */
const derivation: Derivation = {
  notes: { offset: 40, length: 1024 },
  stream(start, append) {
    let position = start;
    let pending: number[] = [];
    if (start === 0) append(new Uint8Array(HEADER).fill(32));
    return {
      get position() {
        return position;
      },
      get isBoundary() {
        return pending.length === 0;
      },
      write(bytes) {
        for (const byte of bytes) {
          pending.push(byte);
          position++;
          if (pending.length < 10) continue;
          append(Uint8Array.from(pending.slice(0, 2)));
          pending = [];
        }
      },
    };
  },
};
const WHOLE = Buffer.concat([Buffer.alloc(HEADER, 32), Buffer.from(SOURCE.filter((_, i) => i % 10 < 2))]);

const ends = fc.array(
  fc.record({
    /** Bytes that arrive before it ends. */
    bytes: fc.integer({ min: 0, max: 20_000 }),
    piece: fc.integer({ min: 1, max: 3000 }),
    how: fc.constantFrom('closed', 'crashed'),
  }),
  { maxLength: 6 },
);

test('however often it is closed or crashes, it ends as if nothing had been, and the hash is the source’s', async () => {
  await fc.assert(
    fc.asyncProperty(ends, async (breaks) => {
      const memory = new MemoryStore();
      const open = () => openDerived(memory.store, 'a.8', derivation, 1000);
      for (const { bytes, piece, how } of breaks) {
        const file = await open();
        const end = Math.min(file.size + bytes, SOURCE.length);
        for (let at = file.size; at < end; at = file.size)
          file.append(SOURCE.slice(at, Math.min(at + piece, end)));
        if (how === 'closed') file.close();
        else memory.crash();
      }
      const file = await open();
      while (file.size < SOURCE.length) file.append(SOURCE.slice(file.size, file.size + 997));
      expect(file.hash?.digest()).toBe(sha256(SOURCE));
      await file.finish('a.8');
      expect(memory.names()).toEqual(['a.8']);
      expect(Buffer.compare(memory.bytes('a.8') as Uint8Array, WHOLE)).toBe(0);
      expect(memory.mostBytes).toBeLessThanOrEqual(WHOLE.length);
    }),
    { numRuns: 40 },
  );
});

test('after a crash all but the last stretch is still there; after a close all but the last piece', async () => {
  const memory = new MemoryStore();
  const first = await openDerived(memory.store, 'a.8', derivation, 1000);
  for (let at = 0; at < 20_000; at += 500) first.append(SOURCE.slice(at, at + 500));
  memory.crash();
  const second = await openDerived(memory.store, 'a.8', derivation, 1000);
  expect(second.size).toBeGreaterThanOrEqual(19_000);
  second.append(SOURCE.slice(second.size, 30_000));
  second.append(SOURCE.slice(30_000, 30_005));
  second.close();
  expect((await openDerived(memory.store, 'a.8', derivation, 1000)).size).toBe(30_000);
});

test('a note that is damaged is not believed', async () => {
  const memory = new MemoryStore();
  const first = await openDerived(memory.store, 'a.8', derivation, 1000);
  first.append(SOURCE.slice(0, 5000));
  first.append(SOURCE.slice(5000, 7000));
  first.close();
  const file = await memory.openPartial('a.8');
  for (const [place, expected] of [
    [552, 5000],
    [40, 0],
  ] as const) {
    file.write(place + 30, Uint8Array.of(1 + (file.read(place + 30, 1)[0] as number)));
    const again = await openDerived(memory.store, 'a.8', derivation, 1000);
    expect(again.size).toBe(expected);
  }
});

import { expect, test } from 'vitest';
import { WatchedBlob } from './watched-blob.ts';

const bytes = Uint8Array.from({ length: 9 * 2 ** 20 + 5 }, (_, i) => (i * 7) ^ (i >> 12));

/** Reads a stream to its end, into buffers of the reader's own of `size` bytes where that is given. */
async function readAll(stream: ReadableStream<Uint8Array<ArrayBuffer>>, size?: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  if (size === undefined) {
    for (const reader = stream.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value.slice());
    }
  } else {
    for (const reader = stream.getReader({ mode: 'byob' }); ; ) {
      const { done, value } = await reader.read(new Uint8Array(size));
      if (done) break;
      parts.push(value.slice());
    }
  }
  return Buffer.concat(parts);
}

test.each([
  [0, bytes.length],
  [0, 0],
  [17, 18],
  [4 * 2 ** 20 - 1, 8 * 2 ** 20 + 1],
])('bytes %d … %d are reported, and stream to their end into any buffer', async (start, end) => {
  const asked: number[] = [];
  const blob = new WatchedBlob(new Blob([bytes]), (count) => asked.push(count));
  const wanted = Buffer.from(bytes.subarray(start, end));
  for (const size of [undefined, 1000003, 64 * 2 ** 20])
    expect(Buffer.compare(await readAll(blob.slice(start, end).stream(), size), wanted)).toBe(0);
  expect(asked).toEqual([end - start, end - start, end - start]);
});
